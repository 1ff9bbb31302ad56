using System.Text.RegularExpressions;
using AgentLab.Tests.Fakes.OpenAiServer;

namespace AgentLab.Tests.Faults.Models;

/// <summary>Sessions that go on at the same time, each with a word of its own: no other session, no other prompt may hold it.</summary>
public sealed partial class IsolationTests(FaultApp app) : IClassFixture<FaultApp>
{
    private const int Sessions = 100;

    [Fact]
    public async Task Sessions_AtTheSameTime_KnowNothingOfEachOther()
    {
        var server = app.Server("isolated");
        server.Otherwise = Answer;

        var turns = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(async n =>
        {
            var first = await app.AskAsync("isolated", $"My word is {Word(n)}.");
            return (Word: Word(n), First: first, Second: await app.SayAsync(first));
        }));

        foreach (var (word, first, second) in turns)
        {
            (first.End, second.End).ShouldBe(("run.completed", "run.completed"));
            WordsIn(first.Events.Concat(second.Events).Select(e => e.GetRawText())).ShouldBe([word]);
            second.Answer.ShouldContain(word);
        }

        server.Requests.Count.ShouldBe(Sessions * 4);
        foreach (var request in server.Requests)
        {
            WordsIn([request.Body.GetRawText()]).Count().ShouldBe(1, "a prompt holds its own session's word alone");
        }
    }

    /// <summary>A tool call and an answer, both made of what the prompt says.</summary>
    private static ModelScript Answer(ReceivedRequest request)
    {
        var word = string.Join(' ', WordsIn([request.Body.GetRawText()]));
        return request.MessagesSinceUser == 0
            ? ModelScript.Says($"I think of {word}.").Call(new ScriptedCall("call_1", "calculator", """{"expression":"1 + 1"}"""))
            : ModelScript.Says($"Your word is {word}.", TimeSpan.FromMilliseconds(1));
    }

    private static string Word(int number) => $"word-{number:000}-end";

    private static IEnumerable<string> WordsIn(IEnumerable<string> texts) =>
        texts.SelectMany(t => Words().Matches(t).Select(m => m.Value)).Distinct();

    [GeneratedRegex(@"word-\d\d\d-end")]
    private static partial Regex Words();
}

using System.Text.RegularExpressions;
using AgentLab.Tests.Fakes.OpenAiServer;

namespace AgentLab.Tests.Faults.Kills;

/// <summary>
/// The model of the agents under fault: three rounds a turn, with words before, between and after tools. What it says follows from the prompt alone, so that
/// it cannot hide a prompt that came out wrong.
/// </summary>
internal static partial class WorkerModel
{
    /// <summary>How many model calls a turn takes.</summary>
    public const int Rounds = 3;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(8);

    /// <summary>The name by which the requests of one turn are told apart; it stands in the person's message.</summary>
    public static string MarkerOf(ReceivedRequest request) => Marker().Match(request.LastText("user") ?? "").Value;

    /// <summary>Which model call of its turn the request is, from 1: the answers and results behind the message tell.</summary>
    public static int RoundOf(ReceivedRequest request) => request.MessagesSinceUser switch
    {
        0 => 1,
        3 => 2,
        5 => 3,
        var messages => throw new InvalidOperationException($"{messages} messages behind the person's are not a prompt of these turns."),
    };

    /// <summary>The words of the last round.</summary>
    public static string AnswerTo(string marker) => $"The answer to {marker} is here, in words that take their time to come, one after the other, until all of them are said.";

    public static ModelScript Answer(ReceivedRequest request)
    {
        var marker = MarkerOf(request);
        return RoundOf(request) switch
        {
            1 => ModelScript.Says($"I look into {marker} and ask two tools at once, the calculator and the clock.", Pace)
                .Call(new ScriptedCall("call_a", "calculator", """{"expression":"6 * 7"}"""), new ScriptedCall("call_b", "date_time", "{}")),
            2 => ModelScript.Says($"One more figure for {marker}.", Pace).Call(new ScriptedCall("call_c", "calculator", """{"expression":"2 ^ 10"}""")),
            _ => ModelScript.Says(AnswerTo(marker), Pace),
        };
    }

    [GeneratedRegex(@"marker-\d+-\d+")]
    private static partial Regex Marker();
}

using AgentLab.Core.Workflows.Builder;
using AgentLab.Core.Workflows.Definition;
using FsCheck;
using FsCheck.Fluent;

namespace AgentLab.Tests.Core.Workflows.Builder;

public sealed class BuilderProperties
{
    private static readonly string[] Words =
    [
        "when", "a webhook arrives", "if", "total is over 100", "the order is late", "then", "else", "otherwise", ",", ".", "and", "ask", "the analyst", "a person to approve", "for each order", "wait 2 hours",
        "get https://example.com/x", "send it to https://example.com/y", "filter the orders where", "status is late", "sort by total", "count per region", "save as", "report", "answer with ok", "add", "a wait",
        "after", "before", "the wait", "remove", "rename", "to", "connect", "everything", "every day at 9", "unless", "at the same time", "stop", "fail with", "\"no\"", "{{data.x}}", "{{", "}}", "\"", "mail the customer",
        "when someone writes in the Lab", "1,000", "🙂", "\n", ";", "use the calculator", "set total to 5", "between", "it", "disconnect", "'", "“x”", "https://", "take the first 10",
        "ask the carrier", "use the", "block", "pack and ship", "action block", "judge tone",
    ];

    private static Arbitrary<string> Messages() =>
        Gen.OneOf(
            Gen.ListOf(Gen.Elements(Words)).Select(words => string.Join(' ', words.Take(40))),
            ArbMap.Default.GeneratorFor<string>().Select(text => text ?? string.Empty)).ToArbitrary();

    [Fact]
    public void AnyMessage_OnAnEmptyCanvas_GivesASoundGraph() => Check(300, Messages(), message =>
    {
        var result = BuilderBench.Shared.Ask(message);
        Sound(result, message);
        if (message.Any(char.IsLetter) && result.Graph.Nodes.Count == 0 && message.Split([' ', '\n']).Any(word => word.Length > 3 && word.All(char.IsAsciiLetter)))
        {
            // Whatever became nothing is said, unless it was no more than connecting words.
            (result.Unmapped.Count > 0 || AgentLab.Core.Workflows.Builder.Phrases.PhraseText.Bare(message).Length < message.Trim().Length || result.Refused.Count > 0 || result.Plan.Calls.Count > 0).ShouldBeTrue(message);
        }
    });

    /// <summary>As long as a message may be, and whatever a team has called its blocks.</summary>
    [Fact]
    public void AnyLongMessage_OfATeamWithBlocks_GivesASoundGraph() => Check(40, Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var length = random.Next(1, BuilderOptions.MessageCharacters + 1);
        var text = new System.Text.StringBuilder();
        while (text.Length < length)
        {
            text.Append(random.Next(12) == 0 ? ((char)random.Next(32, 0xFFFF)).ToString() : Words[random.Next(Words.Length)]).Append(' ');
        }

        var message = text.ToString(0, length);
        var draft = random.Next(2) == 0 ? null : BuilderBench.Shared.Ask("When a webhook arrives, wait 5 minutes, then answer.").Graph;
        var result = BuilderBench.Shared.AskWithBlocks(message, draft);
        Sound(result, message);
        result.Before.ShouldBe(draft ?? BuilderBench.Empty);
    });

    [Fact]
    public void AnyMessage_OnAWorkflow_GivesASoundGraph() => Check(150, Messages(), message =>
    {
        var draft = BuilderBench.Shared.Ask("When a webhook arrives, if total is over 100 then wait 5 minutes else summarise it. Then answer.").Graph;
        Sound(BuilderBench.Shared.Ask(message, draft), message);
    });

    [Fact]
    public void AnyChoice_OfAProposal_AppliesWithWhatItNeeds() => Check(200, Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var bench = BuilderBench.Shared;
        var draft = bench.Ask("When a webhook arrives, wait 5 minutes, then summarise it. Then answer.").Graph;
        var to = bench.Ask("remove the wait. Rename the answer to Reply. Add a filter where total is over 5 after the webhook. If total is over 3 then stop else wait 2 hours.", draft).Graph;
        var diff = bench.Diffs.Between(draft, to);
        var random = new Random(seed);
        var chosen = diff.Changes.Where(_ => random.Next(2) == 0).Select(change => change.Id).ToList();
        var selection = bench.Diffs.Select(draft, diff, chosen);
        if (chosen.Count == 0)
        {
            selection.Error!.Field.ShouldBe("changes");
            return;
        }

        selection.Ok.ShouldBeTrue();
        selection.Value!.Changes.ShouldBeSubsetOf(diff.Changes.Select(change => change.Id));
        chosen.ShouldBeSubsetOf(selection.Value.Changes);
        bench.Rules.Apply(draft, selection.Value.Operations).Ok.ShouldBeTrue();
    });

    [Fact]
    public void AllChanges_OfAProposal_GiveTheProposedGraph()
    {
        var bench = BuilderBench.Shared;
        var to = bench.Ask("When a webhook arrives, if total is over 100 then ask a person to approve else answer with ok").Graph;
        var diff = bench.Diffs.Between(BuilderBench.Empty, to);

        var selection = bench.Diffs.Select(BuilderBench.Empty, diff, [.. diff.Changes.Select(change => change.Id)]);

        selection.Value!.Definition.Nodes.Select(node => node.Id).ShouldBe(to.Nodes.Select(node => node.Id));
        selection.Value.Definition.Edges.ShouldBe(to.Edges);
    }

    [Fact]
    public void AnEdgeAlone_BringsItsNodes()
    {
        var bench = BuilderBench.Shared;
        var diff = bench.Diffs.Between(BuilderBench.Empty, bench.Ask("manually: wait 5 minutes").Graph);
        var edge = diff.Changes.Single(change => change.What == "edge");

        var selection = bench.Diffs.Select(BuilderBench.Empty, diff, [edge.Id]);

        selection.Value!.Definition.Nodes.Count.ShouldBe(2);
    }

    private static void Check<T>(int tests, Arbitrary<T> values, Action<T> holds) =>
        FsCheck.Fluent.Prop.ForAll(values, holds).Check(Config.QuickThrowOnFailure.WithMaxTest(tests));

    private static void Sound(BuilderBench.Result result, string message)
    {
        result.Graph.Nodes.Select(node => node.Id).ShouldBeUnique(message);
        foreach (var problem in BuilderBench.Shared.Rules.Validate(result.Graph).Where(p => p.Severity == ProblemSeverity.Error))
        {
            problem.Code.ShouldNotBeOneOf("cycle", "unknown_kind", "unknown_node", "unknown_port", "duplicate_id", "name");
        }
    }
}

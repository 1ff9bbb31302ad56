using System.Text;
using AgentLab.Tests.Api.Docs;

namespace AgentLab.Tests.Core.Workflows.Builder;

/// <summary>
/// What plain phrases come to on the rehearsal model: <c>phrases.golden.txt</c> holds each phrase with its nodes, edges, what is unmapped and what the rules of workflows say.
/// </summary>
public sealed class BuilderPhraseTests
{
    private const string Golden = "AgentLab.Tests/Core/Workflows/Builder/phrases.golden.txt";
    private const string Mark = "> ";

    [Fact]
    public void Phrases_OnAnEmptyCanvas_ComeToTheGoldenGraphs()
    {
        var phrases = DocFiles.Read(Golden).Split('\n').Where(line => line.StartsWith(Mark, StringComparison.Ordinal)).Select(line => line[Mark.Length..]).ToList();

        phrases.Count.ShouldBeGreaterThanOrEqualTo(30);
        DocFiles.ShouldMatch(Golden, string.Concat(phrases.Select(Written)));
    }

    [Fact]
    public void Phrases_OfTheGoldenFile_NeverBreakARuleOfTheCanvas()
    {
        foreach (var phrase in DocFiles.Read(Golden).Split('\n').Where(line => line.StartsWith(Mark, StringComparison.Ordinal)))
        {
            BuilderBench.Shared.Ask(phrase[Mark.Length..]).Refused.ShouldBeEmpty(phrase);
        }
    }

    [Fact]
    public void Edits_OnAWorkflow_ChangeWhatTheyName()
    {
        var bench = BuilderBench.Shared;
        var draft = bench.Ask("When a webhook arrives, wait 5 minutes, then answer with ok").Graph;

        bench.Ask("add a filter where total is over 5 after the wait", draft).Drawn.ShouldBe("webhook_trigger>wait wait>filter filter>respond");
        bench.Ask("remove the wait", draft).Drawn.ShouldBe("webhook_trigger>respond");
        bench.Ask("rename the wait to Cool down", draft).NameOf("wait").ShouldBe("Cool down");
        bench.Ask("disconnect webhook from the wait", draft).Drawn.ShouldBe("webhook_trigger wait>respond");
        bench.Ask("connect the webhook to the answer", draft).Drawn.ShouldBe("webhook_trigger>wait wait>respond webhook_trigger>respond");
        bench.Ask("disable the wait", draft).Graph.Nodes.Single(node => node.Id == "wait").Disabled.ShouldBeTrue();
        bench.Ask("remove the teapot", draft).Unmapped.ShouldBe(["remove the teapot"]);
        bench.Ask("then ask a person to approve", draft, "wait").Graph.Edges.ShouldContain(edge => edge.From == "wait" && edge.To == "approval");
    }

    [Theory]
    [InlineData("When an order is late, ask the carrier where the parcel is, then mail the customer", "manual_trigger>condition condition.true>http_request http_request>send_webhook")]
    [InlineData("Pack and ship, then wait 2 hours and answer with ok", "manual_trigger>http_request http_request>wait wait>respond")]
    [InlineData("Use the Judge tone block and please let the system ask the carrier about it", "manual_trigger>model_prompt model_prompt>http_request")]
    [InlineData("Shop calls, wait", "webhook_trigger>wait")]
    [InlineData("If total is over 5 then pack and ship else mail customers", "manual_trigger>condition condition.true>http_request condition.false>send_webhook")]
    public void Blocks_AreFoundByTheirNames(string message, string drawn)
    {
        var result = BuilderBench.Shared.AskWithBlocks(message);

        result.Drawn.ShouldBe(drawn);
        result.Unmapped.ShouldBeEmpty();
        result.Refused.ShouldBeEmpty();
    }

    [Fact]
    public void Blocks_BringTheirSettings_AndAPlaceMayBeNamed()
    {
        var bench = BuilderBench.Shared;
        var draft = bench.AskWithBlocks("manually: wait 2 hours, then answer with ok").Graph;

        var result = bench.AskWithBlocks("add the ask the carrier block after the wait", draft);

        result.Drawn.ShouldBe("manual_trigger>wait wait>http_request http_request>respond");
        result.Settings("http_request").GetProperty("url").GetString().ShouldBe("https://carrier.example/parcels/{{input.parcel}}");
        result.NameOf("http_request").ShouldBe("Ask the carrier");
        draft.Nodes.Single(node => node.Id == "wait").Settings.GetProperty("amount").GetInt32().ShouldBe(2);
    }

    [Fact]
    public void Blocks_ThatAreNotThere_AreNamedWithThoseThatAre()
    {
        var with = BuilderBench.Shared.AskWithBlocks("wait 2 hours, then use the teapot block");
        var without = BuilderBench.Shared.Ask("use the action block called “Make tea”");

        with.Unmapped.ShouldBe(["use the teapot block"]);
        with.Plan.Calls[^1].Arguments["nearest"]!.ToString()!.ShouldContain("“Ask the carrier”");
        with.Drawn.ShouldBe("manual_trigger>wait");
        without.Plan.Calls.ShouldHaveSingleItem().Arguments["reason"].ShouldBe("There is no action block called “Make tea”.");
    }

    [Fact]
    public void WhatDoesNotExistYet_IsNamedWithItsWords()
    {
        var clock = BuilderBench.Shared.Ask("Every day at 9 get https://example.com/orders and save them as a table");
        var mail = BuilderBench.Shared.Ask("Ask the analyst to sum up the orders and mail the customer");

        clock.Drawn.ShouldBe("manual_trigger>http_request http_request>artifact");
        clock.Unmapped.ShouldBe(["Every day at 9"]);
        mail.Drawn.ShouldBe("manual_trigger>agent");
        mail.Unmapped.ShouldBe(["mail the customer"]);
    }

    [Fact]
    public void Layout_OfALargeMessage_PutsNoNodeOverAnother()
    {
        var graph = BuilderBench.Shared.Ask(
            "When a webhook arrives, if total is over 100 then ask a person to approve, wait 1 hour and answer with ok, else summarise it and save as report. For each order, translate it. Sort by total.").Graph;

        graph.Nodes.Count.ShouldBeGreaterThan(7);
        foreach (var (one, other) in graph.Nodes.SelectMany((one, i) => graph.Nodes.Skip(i + 1).Select(other => (one, other))))
        {
            (Math.Abs(one.X - other.X) >= 240 || Math.Abs(one.Y - other.Y) >= 80).ShouldBeTrue($"{one.Id} and {other.Id}");
        }

        graph.Edges.ShouldAllBe(edge => graph.Nodes.Single(n => n.Id == edge.From).X < graph.Nodes.Single(n => n.Id == edge.To).X);
    }

    private static string Written(string phrase)
    {
        var bench = BuilderBench.Shared;
        var result = bench.Ask(phrase);
        var text = new StringBuilder().Append(Mark).Append(phrase).Append("\n  ").Append(result.Drawn).Append('\n');
        foreach (var node in result.Graph.Nodes)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"    {node.Id} \"{node.Name}\" {node.Settings.GetRawText()}\n");
        }

        foreach (var unmapped in result.Unmapped)
        {
            text.Append("  unmapped: ").Append(unmapped).Append('\n');
        }

        foreach (var problem in bench.Rules.Validate(result.Graph))
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  {problem.Severity.ToString().ToLowerInvariant()}: {problem.Node} {problem.Field} {problem.Code}\n");
        }

        return text.Append('\n').ToString();
    }
}

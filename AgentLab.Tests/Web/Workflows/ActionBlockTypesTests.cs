using System.Text.Json;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Core.Workflows.Nodes.ActionBlocks;
using AgentLab.Tests.Fakes;
using AgentLab.Web.Features.Workflows.Editor;
using Bunit;

namespace AgentLab.Tests.Web.Workflows;

public sealed class ActionBlockTypesTests : BunitContext
{
    private static readonly INodeKinds Kinds = TestKinds.Usual;

    private static readonly string Table = new NodeTypeTable(Kinds).Json;

    [Fact]
    public void With_Blocks_PutsThemBehindTheKindsWithThePortsOfTheirKind()
    {
        var types = JsonElement.Parse(ActionBlockTypes.With(Table, [Block("Ask the carrier"), Block("Gone") with { Kind = "rocket" }])).EnumerateArray().ToList();

        types.Count.ShouldBe(Kinds.All.Count + 1);
        var made = types[^1];
        var kind = types.Single(type => type.GetProperty("kind").GetString() == "if");
        made.GetProperty("kind").GetString()!.ShouldStartWith("block:");
        made.GetProperty("makes").GetString().ShouldBe("if");
        made.GetProperty("title").GetString().ShouldBe("Ask the carrier");
        made.GetProperty("group").GetString().ShouldBe("Action blocks");
        made.GetProperty("defaults").GetProperty("settings").GetProperty("text").GetString().ShouldBe("{{data.id}}");
        JsonElement.DeepEquals(made.GetProperty("ports"), kind.GetProperty("ports")).ShouldBeTrue();
    }

    [Fact]
    public void With_NoBlocks_IsTheTableItself() => ActionBlockTypes.With(Table, []).ShouldBeSameAs(Table);

    [Theory]
    [InlineData("", 2)]
    [InlineData("carrier", 1)]
    [InlineData("parcel ASK", 1)]
    [InlineData("cel", 0)]
    [InlineData("carrier post", 0)]
    public void Find_Words_MustAllOccur(string text, int count) =>
        ActionBlockTypes.Find([Block("Ask the carrier"), Block("Tell the post") with { Keywords = [] }], text).Count.ShouldBe(count);

    [Fact]
    public void Palette_SearchedForABlock_OffersItAlone()
    {
        string? added = null;
        var block = Block("Zebra");
        var palette = Render<NodePalette>(p => p.Add(c => c.Kinds, Kinds).Add(c => c.Blocks, [block]).Add(c => c.OnAdd, kind => added = kind));
        palette.FindAll("[role=option]").Count.ShouldBe(Kinds.All.Count + 1);

        palette.Find("input[type=search]").Input("zebra");
        var option = palette.FindAll("[role=option]").ShouldHaveSingleItem();
        option.Click();

        option.GetAttribute("aria-selected").ShouldBe("true");
        added.ShouldBe(ActionBlockTypes.KeyOf(block));
    }

    [Fact]
    public void SaveAsBlock_Refused_KeepsWhatWasTypedAndSaysWhy()
    {
        var answers = new Queue<string?>(["The name is taken.", null]);
        var saved = new List<(string, string)>();
        var form = Render<SaveAsBlock>(p => p.Add(c => c.Suggested, "Ask").Add(c => c.OnSave, (name, description) =>
        {
            saved.Add((name, description));
            return Task.FromResult(answers.Dequeue());
        }));
        form.Find("button").Click();
        form.Find("#block-description").Input("Asks the carrier.");

        form.Find(".button-primary").Click();
        form.Find("[role=alert]").TextContent.ShouldContain("The name is taken.");
        form.Find("#block-name").Input("Ask the carrier");
        form.Find(".button-primary").Click();

        saved.ShouldBe([("Ask", "Asks the carrier."), ("Ask the carrier", "Asks the carrier.")]);
        form.FindAll("input").ShouldBeEmpty();
    }

    private static ActionBlock Block(string name) =>
        new(Guid.CreateVersion7(), name, "", "if", JsonElement.Parse("""{"text": "{{data.id}}"}"""), ["parcel"]);
}

using System.Text.Json;
using AgentLab.Core.Workflows.Nodes.ActionBlocks;

namespace AgentLab.Tests.Core.Workflows.Nodes;

public sealed class ActionBlockRulesTests
{
    private static readonly ActionBlockRules Rules = new(Palette.Create());

    [Theory]
    [InlineData("http_request", """{"method": "POST", "url": "https://example.com/{{data.id}}", "headers": [{"name": "Accept", "value": "application/json"}]}""")]
    [InlineData("http_request", "{}")]
    [InlineData("limit", """{"count": "{{data.n}}"}""")]
    [InlineData("switch", """{"by": "value"}""")]
    public void Check_BlockThatCanBeKept_FindsNothing(string kind, string settings) => Rules.Check(Block(kind, settings)).ShouldBeEmpty();

    [Theory]
    [InlineData("exec", "{}", "kind")]
    [InlineData("limit", "[]", "settings")]
    [InlineData("limit", """{"count": "five"}""", "settings/count")]
    [InlineData("limit", """{"shell": "rm"}""", "settings/shell")]
    [InlineData("http_request", """{"url": "ftp://x"}""", "settings/url")]
    [InlineData("transform", """{"text": "{{data."}""", "settings/text")]
    public void Check_WrongBlock_NamesTheField(string kind, string settings, string field) =>
        Rules.Check(Block(kind, settings)).ShouldHaveSingleItem().Field.ShouldBe(field);

    [Fact]
    public void Check_WrongWords_AreAllNamed()
    {
        var block = Block("limit", "{}") with { Name = " ", Description = new string('x', 1_001), Keywords = [""] };

        Rules.Check(block).Select(e => e.Field).ShouldBe(["name", "description", "keywords"]);
    }

    private static ActionBlock Block(string kind, string settings) => new(Guid.CreateVersion7(), "Ask the carrier", "Asks the carrier where a parcel is.", kind, JsonElement.Parse(settings), ["parcel"]);
}

using System.Text.Json;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Tests.Core.Workflows.Nodes;

public sealed class DataKindsTests
{
    private const string Orders = """
        {"orders": [{"id": 1, "country": "DE", "total": 120.5, "customer": "a"}, {"id": 2, "country": "AT", "total": 80, "customer": "b"},
                    {"id": 3, "country": "DE", "total": 20.25, "customer": "a"}, {"id": 4, "country": "FR", "total": null, "customer": "c"}]}
        """;

    private static readonly INodeKinds Kinds = Palette.Create();

    private readonly NodeHarness _harness = new();

    [Theory]
    [InlineData("set_values", """{"values": [{"name": "total", "value": "{{data.a}}"}], "keep": false}""", """{"a": 5}""", """{"total": 5}""")]
    [InlineData("set_values", """{"values": [{"name": "b.c", "value": "x{{data.a}}"}, {"name": "b.d", "value": true}]}""", """{"a": 5, "b": {"z": 1, "c": 0}}""", """{"a": 5, "b": {"z": 1, "c": "x5", "d": true}}""")]
    [InlineData("set_values", """{"values": [{"name": "a"}]}""", "[1]", """{"a": null}""")]
    [InlineData("set_values", """{"values": [{"name": "a", "value": {"x": 1}}, {"name": "a.y", "value": 2}]}""", "{}", """{"a": {"x": 1, "y": 2}}""")]
    [InlineData("transform", """{"output": "text", "text": "{{#each data.orders}}{{id}} {{/each}}"}""", Orders, "\"1 2 3 4 \"")]
    [InlineData("transform", """{"output": "json", "json": {"ids": ["{{data.orders.0.id}}"]}}""", Orders, """{"ids": [1]}""")]
    [InlineData("filter", """{"items": "{{data.orders}}", "condition": {"left": "{{item.country}}", "operator": "equals", "right": "AT"}}""", Orders, """[{"id": 2, "country": "AT", "total": 80, "customer": "b"}]""")]
    [InlineData("filter", """{"condition": {"left": "{{item}}", "operator": "greater", "right": "{{index}}"}}""", "[0, 1, 5]", "[5]")]
    [InlineData("sort", """{"by": [{"value": "{{item.a}}", "descending": true}, {"value": "{{item.b}}"}]}""", """[{"a": 1, "b": 2}, {"a": 3, "b": 1}, {"a": 1, "b": 1}, {}]""", """[{"a": 3, "b": 1}, {"a": 1, "b": 1}, {"a": 1, "b": 2}, {}]""")]
    [InlineData("limit", """{"count": 2}""", "[1, 2, 3]", "[1, 2]")]
    [InlineData("limit", """{"count": 2, "from": "last"}""", "[1, 2, 3]", "[2, 3]")]
    [InlineData("aggregate", """{"items": "{{data.orders}}", "group_by": "{{item.country}}", "values": [{"name": "n", "operation": "count"}, {"name": "sum", "operation": "sum", "value": "{{item.total}}"}, {"name": "avg", "operation": "average", "value": "{{item.total}}"}]}""", Orders,
        """[{"group": "DE", "n": 2, "sum": 140.75, "avg": 70.375}, {"group": "AT", "n": 1, "sum": 80, "avg": 80}, {"group": "FR", "n": 1, "sum": 0, "avg": null}]""")]
    [InlineData("aggregate", """{"items": "{{data.orders}}", "values": [{"name": "max", "operation": "max", "value": "{{item.total}}"}, {"name": "ids", "operation": "list", "value": "{{item.id}}"}, {"name": "last", "operation": "last", "value": "{{item.id}}"}]}""", Orders,
        """{"max": 120.5, "ids": [1, 2, 3, 4], "last": 4}""")]
    [InlineData("aggregate", """{"values": [{"name": "n", "operation": "count"}]}""", "[]", """{"n": 0}""")]
    [InlineData("json_path", """{"path": "$.orders[?@.total > 100].id"}""", Orders, "[1]")]
    [InlineData("json_path", """{"path": "$.orders[*].id", "result": "first"}""", Orders, "1")]
    [InlineData("json_path", """{"path": "$.nothing", "result": "first"}""", Orders, "null")]
    [InlineData("split", """{"separator": ","}""", "\" a, b,,c \"", """["a", "b", "c"]""")]
    [InlineData("split", """{"separator": ",", "trim": false, "skip_empty": false}""", "\"a, b,\"", """["a", " b", ""]""")]
    [InlineData("deduplicate", """{"items": "{{data.orders}}", "by": "{{item.customer}}"}""", Orders, """[{"id": 1, "country": "DE", "total": 120.5, "customer": "a"}, {"id": 2, "country": "AT", "total": 80, "customer": "b"}, {"id": 4, "country": "FR", "total": null, "customer": "c"}]""")]
    [InlineData("deduplicate", "{}", "[1, 1.0, \"1\", 2]", "[1, \"1\", 2]")]
    public async Task Run_Kind_GivesValue(string kind, string settings, string data, string expected)
    {
        var output = await _harness.OutputAsync(Kinds.Find(kind)!, settings, data);

        JsonElement.DeepEquals(output, JsonElement.Parse(expected)).ShouldBeTrue(output.GetRawText());
    }

    [Theory]
    [InlineData("filter", """{"items": "{{data.x}}", "condition": {"left": 1, "operator": "exists"}}""", "{}", "items_no_list")]
    [InlineData("filter", """{"condition": {"left": "{{item}}", "operator": "greater", "right": 1}}""", """["x"]""", "condition_type")]
    [InlineData("sort", """{"items": 5, "by": [{"value": "{{item}}"}]}""", "[]", "items_no_list")]
    [InlineData("aggregate", """{"values": [{"name": "s", "operation": "sum", "value": "{{item}}"}]}""", """["x"]""", "aggregate_type")]
    [InlineData("set_values", """{"values": [{"name": "{{data}}", "value": 1}]}""", "\"a..b\"", "name_invalid")]
    [InlineData("json_path", """{"path": "{{data}}"}""", "\"orders\"", "path_syntax")]
    public async Task Run_WrongData_FailsWithCode(string kind, string settings, string data, string code) =>
        (await _harness.FailureAsync(Kinds.Find(kind)!, settings, data)).Code.ShouldBe(code);

    [Theory]
    [InlineData("set_values", """{"values": [{"name": "a..b"}]}""", "/values/0/name")]
    [InlineData("set_values", """{"values": [{"name": "a"}, {"name": "a"}]}""", "/values/1/name")]
    [InlineData("transform", """{"output": "json", "text": "x"}""", "/json")]
    [InlineData("filter", """{"condition": {"left": "{{item.", "operator": "exists"}}""", "/condition/left")]
    [InlineData("filter", """{"condition": {"left": 1, "operator": "like"}}""", "/condition/operator")]
    [InlineData("sort", """{"by": [{"value": "{{nothing}}"}]}""", "/by/0/value")]
    [InlineData("aggregate", """{"values": [{"name": "s", "operation": "sum"}]}""", "/values/0/value")]
    [InlineData("json_path", """{"path": "orders"}""", "/path")]
    public void Check_WrongSettings_NamesTheField(string kind, string settings, string field) =>
        Kinds.Find(kind)!.Check(JsonElement.Parse(settings)).Select(f => f.Field).ShouldContain(field);

    [Fact]
    public async Task Run_Cancelled_Throws() =>
        await Should.ThrowAsync<OperationCanceledException>(async () => await _harness.RunAsync(Kinds.Find("limit")!, "{}", "[]", cancellationToken: new CancellationToken(true)));

    [Fact]
    public async Task Filter_TenThousandItems_IsCheapPerItem()
    {
        var list = "[" + string.Join(',', Enumerable.Range(0, 10_000).Select(n => $$"""{"n": {{n}}}""")) + "]";

        var output = await _harness.OutputAsync(Kinds.Find("filter")!, """{"condition": {"left": "{{item.n}}", "operator": "less", "right": 10}}""", list);

        output.GetArrayLength().ShouldBe(10);
    }

    [Fact]
    public async Task Artifact_EachKind_IsHandedOver()
    {
        var kind = Kinds.Find("artifact")!;
        var table = (NodeResult.Completed)await _harness.RunAsync(kind, """{"name": "t.csv", "kind": "table", "content": "{{data.orders}}"}""", """{"orders": [{"a": 1, "b": "x,\"y\""}, {"a": 2, "c": null}]}""");
        table.Artifacts.ShouldHaveSingleItem().ShouldBe(new ToolArtifact("t.csv", ToolArtifactKind.Table, "a,b,c\n1,\"x,\"\"y\"\"\",\n2,,\n"));
        table.Output.GetProperty("orders").GetArrayLength().ShouldBe(2);
        var json = (NodeResult.Completed)await _harness.RunAsync(kind, """{"name": "j.json", "kind": "json"}""", "[1]");
        json.Artifacts[0].ShouldBe(new ToolArtifact("j.json", ToolArtifactKind.Json, "[1]"));
        (await _harness.FailureAsync(kind, """{"name": "{{data}}"}""", "\"../x\"")).Code.ShouldBe("name_invalid");
        (await _harness.FailureAsync(kind, """{"name": "x", "kind": "table"}""", "[1]")).Code.ShouldBe("table_type");
    }

    [Fact]
    public async Task Report_Parts_BecomeMarkdown()
    {
        var result = (NodeResult.Completed)await _harness.RunAsync(
            Kinds.Find("report")!,
            """{"title": "Late orders", "parts": [{"heading": "Orders", "content": "{{data.rows}}"}, {"heading": "Empty", "content": "{{data.none}}"}, {"content": "Names:"}, {"content": "{{data.list}}"}]}""",
            """{"rows": [{"id": 1, "note": "a|b"}], "list": ["x", "y"]}""");

        result.Artifacts[0].Content.ShouldBe("# Late orders\n\n## Orders\n\n| id | note |\n| --- | --- |\n| 1 | a\\|b |\n\nNames:\n\n- x\n- y\n");
        result.Output.GetProperty("markdown").GetString().ShouldBe(result.Artifacts[0].Content);
    }
}

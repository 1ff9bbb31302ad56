using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Tests.Core.Workflows.Nodes;

namespace AgentLab.Tests.Core.Workflows.Expressions;

public sealed class TemplateTests
{
    private const string Data = """
        {"name": "Ann", "total": 12.50, "paid": false, "none": null, "first name": "Ann", "tags": ["a", "b"], "html": "<b>&\"", "items": [{"id": 1, "ok": true}, {"id": 2}],
         "empty": [], "map": {"x": 1, "y": 2}, "due": "2026-03-01", "at": "2026-03-01T23:30:00Z", "text": "12"}
        """;

    private static readonly SettingsCompiler Compiler = new();

    [Theory]
    [InlineData("{{data.name}}", "\"Ann\"")]
    [InlineData("{{ data.total }}", "12.50")]
    [InlineData("{{data.paid}}", "false")]
    [InlineData("{{data.items}}", """[{"id": 1, "ok": true}, {"id": 2}]""")]
    [InlineData("{{data.items.1.id}}", "2")]
    [InlineData("{{data.items[0].id}}", "1")]
    [InlineData("{{data.items.length}}", "2")]
    [InlineData("{{data.[first name]}}", "\"Ann\"")]
    [InlineData("{{data.missing.deeper}}", "null")]
    [InlineData("{{data.none}}", "null")]
    [InlineData("{{data.items.7}}", "null")]
    [InlineData("{{nodes.fetch.total}}", "7")]
    [InlineData("{{nodes.absent.total}}", "null")]
    [InlineData("{{input.city}}", "\"Oslo\"")]
    [InlineData("{{run.id}}", "\"run-1\"")]
    [InlineData("{{item}}", "null")]
    [InlineData("{{length data.tags}}", "2")]
    [InlineData("{{add 0.1 0.2}}", "0.3")]
    [InlineData("{{gt data.total 10}}", "true")]
    [InlineData("{{default data.missing data.none \"x\"}}", "\"x\"")]
    public void Evaluate_LoneExpression_KeepsItsType(string template, string expected) =>
        JsonElement.DeepEquals(Evaluate(template), JsonElement.Parse(expected)).ShouldBeTrue();

    [Theory]
    [InlineData("Dear {{data.name}}", "Dear Ann")]
    [InlineData("{{data.total}} {{data.paid}} {{data.none}}|", "12.50 false |")]
    [InlineData("{{data.html}}!", "<b>&\"!")]
    [InlineData("{{{data.name}}}!", "Ann!")]
    [InlineData("x {{data.map}}", """x {"x": 1, "y": 2}""")]
    [InlineData("""\{{data.name}} {{data.name}}""", "{{data.name}} Ann")]
    [InlineData("{{! nothing }}a{{!-- }} --}}b", "ab")]
    [InlineData("a {{~ data.name ~}} b", "aAnnb")]
    [InlineData("{{#if data.paid}}yes{{else}}no{{/if}}", "no")]
    [InlineData("{{#unless data.paid}}no{{/unless}}", "no")]
    [InlineData("{{#if (gt data.total 100)}}a{{else if (eq data.name \"Ann\")}}b{{else}}c{{/if}}", "b")]
    [InlineData("{{#each data.items}}{{@index}}:{{id}}{{#unless @last}},{{/unless}}{{/each}}", "0:1,1:2")]
    [InlineData("{{#each data.items as |it n|}}{{n}}={{it.id}} {{data.name}};{{/each}}", "0=1 Ann;1=2 Ann;")]
    [InlineData("{{#each data.map}}{{@key}}{{this}}{{/each}}", "x1y2")]
    [InlineData("{{#each data.empty}}a{{else}}none{{/each}}", "none")]
    [InlineData("{{#each data.tags}}{{this}}{{#each ../data.items}}{{id}}{{/each}} {{/each}}", "a12 b12 ")]
    [InlineData("{{#with data.map}}{{x}}{{y}}{{/with}}", "12")]
    [InlineData("{{join data.tags \"; \"}}.", "a; b.")]
    [InlineData("{{upper data.name}} {{lower \"ÄB\"}} {{capitalize \"dog\"}}", "ANN äb Dog")]
    [InlineData("{{truncate \"abcdef\" 3}} {{replace \"a-b\" \"-\" \"+\"}}", "abc… a+b")]
    [InlineData("{{json data.items}}.", """[{"id": 1, "ok": true}, {"id": 2}].""")]
    [InlineData("{{formatDate data.due \"d MMMM yyyy\"}} {{formatDate data.at \"yyyy-MM-dd HH:mm\" \"Europe/Oslo\"}}", "1 March 2026 2026-03-02 00:30")]
    [InlineData("{{dateAdd data.due 1 \"months\"}} {{dateAdd data.at -30 \"minutes\"}} {{dateDiff data.due \"2026-03-11\" \"days\"}}", "2026-04-01 2026-03-01T23:00:00Z 10")]
    [InlineData("{{round 2.345 2}} {{formatNumber 1234.5 2}} {{divide 1 4}} {{number data.text}}", "2.35 1,234.50 0.25 12")]
    [InlineData("{{choose data.paid \"paid\" \"open\"}} {{first data.tags}}{{last data.tags}} {{lookup data.map \"y\"}}", "open ab 2")]
    public void Evaluate_TextRoundExpressions_GivesText(string template, string expected) => Evaluate(template).GetString().ShouldBe(expected);

    [Fact]
    public void Evaluate_BlockMarksAloneOnTheirLines_LeaveNoLinesBehind() =>
        Evaluate("Orders:\n{{#each data.items}}\n- {{id}}\n{{/each}}\nEnd").GetString().ShouldBe("Orders:\n- 1\n- 2\nEnd");

    [Theory]
    [InlineData("{{data.name.Length}}")]
    [InlineData("{{data.tags.Count}}")]
    [InlineData("{{data.total.Scale}}")]
    [InlineData("{{data.GetType}}")]
    [InlineData("{{data.tags.ValueKind}}")]
    [InlineData("{{input.Input}}")]
    [InlineData("{{run.EqualityContract}}")]
    public void Evaluate_MemberOfDotNet_IsNotThere(string template) => Evaluate(template).ValueKind.ShouldBe(JsonValueKind.Null);

    [Theory]
    [InlineData("{{", "template_syntax")]
    [InlineData("{{}}", "template_syntax")]
    [InlineData("{{data.name", "template_syntax")]
    [InlineData("{{#if data.name}}x", "template_syntax")]
    [InlineData("{{#if data.name}}x{{/each}}", "template_syntax")]
    [InlineData("{{/if}}", "template_syntax")]
    [InlineData("{{else}}", "template_syntax")]
    [InlineData("{{> partial}}", "template_syntax")]
    [InlineData("{{#* inline}}{{/inline}}", "template_syntax")]
    [InlineData("{{data..name}}", "template_syntax")]
    [InlineData("{{data.name extra}}", "template_syntax")]
    [InlineData("{{upper}}", "unknown_name")]
    [InlineData("{{upper data.name data.name}}", "template_syntax")]
    [InlineData("{{name}}", "unknown_name")]
    [InlineData("{{System.Environment.Exit}}", "unknown_name")]
    [InlineData("{{nodes}}", "template_syntax")]
    [InlineData("{{this}}", "template_syntax")]
    [InlineData("{{#each data.items}}{{../../x}}{{/each}}", "template_syntax")]
    [InlineData("{{#log data}}{{/log}}", "template_syntax")]
    public void Compile_NotWellFormed_SaysSoWithItsField(string template, string code)
    {
        var fault = Should.Throw<ExpressionException>(() => Compiler.CompileValue(Setting(template)));

        (fault.Code, fault.Field).ShouldBe((code, "/a"));
    }

    [Theory]
    [InlineData("{{gt data.name 3}}", "condition_type")]
    [InlineData("{{add data.name 1}}", "template_type")]
    [InlineData("{{divide 1 0}}", "template_type")]
    [InlineData("{{formatDate data.name \"yyyy\"}}", "template_type")]
    [InlineData("{{dateAdd data.due 9999999 \"weeks\"}}", "template_type")]
    [InlineData("a{{#each data.name}}{{/each}}", "template_type")]
    [InlineData("{{multiply 9999999999999999999999 9999999999999999999999}}", "template_type")]
    public void Evaluate_WrongType_SaysSoWithItsField(string template, string code)
    {
        var fault = Should.Throw<ExpressionException>(() => Evaluate(template));

        (fault.Code, fault.Field).ShouldBe((code, "/a"));
    }

    [Fact]
    public void Compile_TooLongOrDeep_IsRefused()
    {
        Code(() => Compiler.CompileValue(Setting(new string('x', 70_000) + "{{data}}"))).ShouldBe("template_too_large");
        Code(() => Compiler.CompileValue(Setting(Nested("{{#if data}}", "{{/if}}", 3_000)))).ShouldBe("template_too_deep");
        Code(() => Compiler.CompileValue(Setting("{{not " + Nested("(not ", ")", 3_000) + "}}"))).ShouldBe("template_too_deep");
        Code(() => Compiler.CompileValue(Setting("{{#if data}}" + string.Concat(Enumerable.Repeat("{{else if data}}", 3_000)) + "{{/if}}"))).ShouldBe("template_too_deep");
    }

    [Fact]
    public void Evaluate_TooMuchWorkOrOutput_IsRefused()
    {
        var list = "[" + string.Join(',', Enumerable.Range(0, 2_000)) + "]";
        Code(() => Evaluate("x{{#each data}}{{#each ../data}}{{this}}{{/each}}{{/each}}", list)).ShouldBe("template_too_long");
        Code(() => Evaluate("x{{#each data}}{{../data}}{{/each}}", list)).ShouldBe("template_too_large");
        Code(() => Compiler.CompileValue(JsonElement.Parse("""["{{data}}", "{{data}}"]""")).Evaluate(NodeHarness.Scope($"\"{new string('x', 600_000)}\""))).ShouldBe("template_too_large");
    }

    [Fact]
    public void Compile_SettingsWithSchema_FillsDefaultsAndLeavesItemFieldsAlone()
    {
        var schema = JsonElement.Parse("""
            {"type": "object", "properties": {"a": {"default": "{{data.name}}"}, "b": {"x-template": false}, "c": {"type": "object", "properties": {"d": {"default": 5}}}}}
            """);
        var compiled = Compiler.Compile(JsonElement.Parse("""{"b": "{{item.x}}", "c": {"e": ["{{data.total}}", "{{nodes.fetch.total}}"]}}"""), schema);

        var value = compiled.Evaluate(NodeHarness.Scope(Data, nodes: Nodes));

        value.GetRawText().ShouldBe("""{"b":"{{item.x}}","c":{"e":[12.50,7],"d":5},"a":"Ann"}""");
        compiled.Nodes.ShouldBe(["fetch"]);
    }

    [Fact]
    public void Evaluate_BrokenCharacter_IsAFaultAndNoCrash() =>
        Code(() => Evaluate("x{{upper data}}", """ "\ud800" """)).ShouldBe("value_unreadable");

    [Fact]
    public void Evaluate_LonePath_AllocatesNothing()
    {
        var compiled = Compiler.CompileValue(JsonElement.Parse("\"{{data.items.0.id}}\""));
        var scope = NodeHarness.Scope(Data);
        compiled.Evaluate(scope);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            compiled.Evaluate(scope);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100 * 32);
    }

    private static Dictionary<string, JsonElement> Nodes { get; } = new() { ["fetch"] = JsonElement.Parse("""{"total": 7}""") };

    private static string Nested(string open, string close, int times) =>
        string.Concat(Enumerable.Repeat(open, times)) + "data" + string.Concat(Enumerable.Repeat(close, times));

    private static string Code(Action action) => Should.Throw<ExpressionException>(action).Code;

    private static JsonElement Setting(string template) => JsonSerializer.SerializeToElement(new { a = template });

    private static JsonElement Evaluate(string template, string data = Data) =>
        Compiler.CompileValue(Setting(template)).Evaluate(NodeHarness.Scope(data, """{"city": "Oslo"}""", Nodes)).GetProperty("a");
}

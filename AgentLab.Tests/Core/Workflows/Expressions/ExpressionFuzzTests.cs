using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Expressions.Conditions;
using AgentLab.Core.Workflows.Expressions.JsonPaths;
using AgentLab.Tests.Core.Workflows.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace AgentLab.Tests.Core.Workflows.Expressions;

/// <summary>Whatever anybody writes ends in a value or in a foreseen fault, the same each time.</summary>
public sealed class ExpressionFuzzTests
{
    private const string Data = """{"a": [1, "x", null, {"b": true}], "b": "text", "c": 1e300, "d": {"e": []}}""";

    private static readonly string[] TemplateParts =
    [
        "{{", "}}", "{{{", "}}}", "#if ", "#each ", "#with ", "/if", "/each", "/with", "else", "else if ", "data", "data.a", "data.b", "data.c", "nodes.x", "item", "this", "../", "@index", "@key",
        ".", "..", "[", "]", "(", ")", "eq ", "add ", "join ", "json ", "slice ", "formatDate ", "dateAdd ", "lookup ", "\"x\"", "'", "\"", "1", "-1", "99999999999999999999999999999", "as |x y|", "|",
        "!", "!--", "--", "~", ">", "*", "&", "^", "\\", " ", "\n", "é", "\0", "text", "{{data.a}}", "{{#each data.a}}", "{{/each}}", "{{#if data.b}}", "{{/if}}", "{{else}}", "{{this}}",
    ];

    private static readonly string[] PathParts =
    [
        "$", "@", ".", "..", "*", "[", "]", "?", "(", ")", "'a'", "\"b\"", "a", "b", "0", "-1", "1:2", ":", "::-1", ",", "==", "!=", "<", ">=", "&&", "||", "!", "length(", "count(", "true", "null", "1e9",
        " ", "\\", "'", "\0", "é", "$.a", "[*]", "[?@.b", "]",
    ];

    [Fact]
    public void Template_AnyText_EndsInAValueOrAFault() =>
        Prop.ForAll(Gen.Elements(TemplateParts).ListOf().Select(string.Concat).ToArbitrary(), template =>
        {
            var first = Evaluate(template);
            Evaluate(template).ShouldBe(first, template);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void JsonPath_AnyText_EndsInValuesOrAFault() =>
        Prop.ForAll(Gen.Elements(PathParts).ListOf().Select(string.Concat).ToArbitrary(), path =>
        {
            var first = Find("$" + path);
            Find("$" + path).ShouldBe(first, path);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Condition_AnyValuesAndOperators_HoldOrFault()
    {
        var values = Gen.Elements("1", "1.0", "1e400", "\"x\"", "\"2026-01-01\"", "\"\"", "null", "true", "[]", "[1]", "{}", "{\"a\": 1}", "\"(\"", "\"a{1000}{1000}\"", "\"\\ud800\"");
        var cases = values.SelectMany(left => values.SelectMany(right => Gen.Elements(Condition.Operators.Append("like").ToArray()).Select(name => (left, name, right))));
        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var condition = JsonElement.Parse($$"""{"left": {{one.left}}, "operator": "{{one.name}}", "right": {{one.right}}}""");
            Outcome(() => Condition.Holds(condition).ToString()).ShouldNotBeEmpty();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));
    }

    [Fact]
    public void Comparison_NumbersAndTexts_AreATotalOrder()
    {
        var numbers = Gen.Choose(-1000, 1000).Select(n => (n / 8m).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Prop.ForAll(numbers.Two().ToArbitrary(), pair =>
        {
            var (a, b) = pair;
            var (less, equal, greater) = (Holds(a, "less", b), Holds(a, "equals", b), Holds(a, "greater", b));
            new[] { less, equal, greater }.Count(x => x).ShouldBe(1);
            Holds(b, "greater", a).ShouldBe(less);
            Holds(a, "less_or_equal", b).ShouldBe(less || equal);
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void LoneReference_AnyValue_GivesTheValueItself() =>
        Prop.ForAll(Values(3).ToArbitrary(), json =>
        {
            var value = JsonElement.Parse(json);
            JsonElement.DeepEquals(new SettingsCompiler().CompileValue(JsonElement.Parse("""["{{data}}"]""")).Evaluate(NodeHarness.Scope(json))[0], value).ShouldBeTrue();
            JsonElement.DeepEquals(new SettingsCompiler().CompileValue(JsonElement.Parse("""["{{parse (json data)}}"]""")).Evaluate(NodeHarness.Scope(json))[0], value).ShouldBeTrue();
        }).Check(Config.QuickThrowOnFailure);

    private static Gen<string> Values(int depth)
    {
        var leaf = Gen.Elements("null", "true", "1", "-2.50", "1e300", "\"a\"", "\"{{data}}\"", "\"\\u00e9\\n\"", "[]", "{}");
        return depth == 0
            ? leaf
            : Gen.OneOf(leaf, Values(depth - 1).ListOf(3).Select(items => $"[{string.Join(',', items)}]"), Values(depth - 1).Two().Select(p => $"{{\"x\": {p.Item1}, \"y z\": {p.Item2}}}"));
    }

    private static bool Holds(string left, string name, string right) => Condition.Holds(JsonElement.Parse($$"""{"left": {{left}}, "operator": "{{name}}", "right": {{right}}}"""));

    private static string Evaluate(string template) => Outcome(() =>
        new SettingsCompiler().CompileValue(JsonSerializer.SerializeToElement(template)).Evaluate(NodeHarness.Scope(Data)).GetRawText());

    private static string Find(string path) => Outcome(() => JsonOutput.List(JsonPath.Parse(path).Find(JsonElement.Parse(Data))).GetRawText());

    private static string Outcome(Func<string> evaluate)
    {
        try
        {
            return evaluate();
        }
        catch (ExpressionException fault)
        {
            fault.Code.ShouldNotBeEmpty();
            fault.Message.ShouldNotBeEmpty();
            return $"{fault.Code}: {fault.Message}";
        }
    }
}

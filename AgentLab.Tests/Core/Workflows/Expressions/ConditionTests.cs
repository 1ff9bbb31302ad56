using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Expressions.Conditions;

namespace AgentLab.Tests.Core.Workflows.Expressions;

public sealed class ConditionTests
{
    [Theory]
    [InlineData("1", "equals", "1.0", true)]
    [InlineData("\"a\"", "equals", "\"A\"", false)]
    [InlineData("null", "equals", "3", false)]
    [InlineData("[1,2]", "equals", "[1,2]", true)]
    [InlineData("\"a\"", "not_equals", "\"b\"", true)]
    [InlineData("10", "greater", "9", true)]
    [InlineData("\"10\"", "greater", "\"9\"", false)]
    [InlineData("\"2026-03-01T10:00:00+02:00\"", "less", "\"2026-03-01T09:00:00Z\"", true)]
    [InlineData("5", "greater_or_equal", "5", true)]
    [InlineData("5", "less_or_equal", "4", false)]
    [InlineData("\"hello\"", "contains", "\"ell\"", true)]
    [InlineData("[1, 2]", "contains", "2", true)]
    [InlineData("[\"1\"]", "contains", "1", false)]
    [InlineData("{\"a\": 1}", "contains", "\"a\"", true)]
    [InlineData("null", "contains", "\"a\"", false)]
    [InlineData("\"hello\"", "not_contains", "\"x\"", true)]
    [InlineData("\"hello\"", "starts_with", "\"he\"", true)]
    [InlineData("\"hello\"", "ends_with", "\"lo\"", true)]
    [InlineData("\"a-12\"", "matches", "\"^[a-z]-\\\\d+$\"", true)]
    [InlineData("\"\"", "is_empty", "null", true)]
    [InlineData("[]", "is_empty", "null", true)]
    [InlineData("0", "is_empty", "null", false)]
    [InlineData("null", "is_not_empty", "null", false)]
    [InlineData("null", "exists", "null", false)]
    [InlineData("0", "exists", "null", true)]
    [InlineData("null", "not_exists", "null", true)]
    [InlineData("true", "is_true", "null", true)]
    [InlineData("null", "is_true", "null", false)]
    [InlineData("false", "is_false", "null", true)]
    [InlineData("\"DE\"", "in", "[\"DE\", \"AT\"]", true)]
    [InlineData("\"FR\"", "not_in", "[\"DE\", \"AT\"]", true)]
    [InlineData("\"2026-03-01\"", "before", "\"2026-03-02T00:00:00Z\"", true)]
    [InlineData("\"2026-03-01\"", "after", "\"2026-03-02\"", false)]
    public void Holds_EachOperator_Decides(string left, string name, string right, bool expected) =>
        Condition.Holds(JsonElement.Parse($$"""{"left": {{left}}, "operator": "{{name}}", "right": {{right}}}""")).ShouldBe(expected);

    [Theory]
    [InlineData("\"5\"", "equals", "5")]
    [InlineData("\"5\"", "greater", "4")]
    [InlineData("null", "greater", "4")]
    [InlineData("true", "equals", "\"true\"")]
    [InlineData("5", "contains", "5")]
    [InlineData("5", "starts_with", "\"5\"")]
    [InlineData("\"yes\"", "is_true", "null")]
    [InlineData("1", "in", "1")]
    [InlineData("\"soon\"", "before", "\"2026-01-01\"")]
    public void Holds_TypesThatDoNotFit_IsAnErrorThatNamesThem(string left, string name, string right)
    {
        var fault = Should.Throw<ExpressionException>(() => Condition.Holds(JsonElement.Parse($$"""{"left": {{left}}, "operator": "{{name}}", "right": {{right}}}""")));

        fault.Code.ShouldBe("condition_type");
    }

    [Theory]
    [InlineData("\"Hello\"", "equals", "\"hELLO\"")]
    [InlineData("\"Hello\"", "contains", "\"ELL\"")]
    [InlineData("\"Hello\"", "matches", "\"^h\"")]
    [InlineData("\"de\"", "in", "[\"DE\"]")]
    public void Holds_IgnoreCase_ComparesLettersAlike(string left, string name, string right) =>
        Condition.Holds(JsonElement.Parse($$"""{"left": {{left}}, "operator": "{{name}}", "right": {{right}}, "ignoreCase": true}""")).ShouldBeTrue();

    [Fact]
    public void Holds_Groups_AllAndAny()
    {
        const string Yes = """{"left": 1, "operator": "exists"}""";
        const string No = """{"left": null, "operator": "exists"}""";
        Holds($$"""{"all": [{{Yes}}, {"any": [{{No}}, {{Yes}}]}]}""").ShouldBeTrue();
        Holds($$"""{"all": [{{Yes}}, {{No}}]}""").ShouldBeFalse();
        Holds($$"""{"any": [{{No}}, {{No}}]}""").ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"all": []}""", "/c/all")]
    [InlineData("""{"all": [{"left": 1, "operator": "like", "right": 1}]}""", "/c/all/0/operator")]
    [InlineData("""{"left": 1, "operator": "equals"}""", "/c/right")]
    [InlineData("""{"operator": "exists"}""", "/c/left")]
    [InlineData("""{"left": 1, "operator": "exists", "code": "x"}""", "/c/code")]
    [InlineData("""{"left": 1, "operator": "matches", "right": "("}""", "/c/right")]
    [InlineData("""{"left": 1, "operator": "matches", "right": "(?=a)b"}""", "/c/right")]
    [InlineData("""[1]""", "/c")]
    public void Fault_WrongShape_NamesThePlace(string condition, string field) => Condition.Fault(JsonElement.Parse(condition), "/c")!.Field.ShouldBe(field);

    [Fact]
    public void Fault_NestedFiveDeep_IsTakenAndSixIsNot()
    {
        Condition.Fault(JsonElement.Parse(Nested(5)), "").ShouldBeNull();
        Condition.Fault(JsonElement.Parse(Nested(6)), "")!.Code.ShouldBe("condition_too_large");
        Should.Throw<ExpressionException>(() => Holds(Nested(6))).Code.ShouldBe("condition_too_large");
    }

    private static bool Holds(string condition) => Condition.Holds(JsonElement.Parse(condition));

    private static string Nested(int depth) => depth == 0 ? """{"left": 1, "operator": "exists"}""" : $$"""{"all": [{{Nested(depth - 1)}}]}""";
}

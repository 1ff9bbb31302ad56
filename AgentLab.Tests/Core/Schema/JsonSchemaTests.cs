using System.Text.Json;
using AgentLab.Core.Schema;

namespace AgentLab.Tests.Core.Schema;

public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"format": "date"}""", "\"2026-02-29\"", "format")]
    [InlineData("""{"format": "date-time"}""", "\"2026-02-28\"", "format")]
    [InlineData("""{"format": "time"}""", "\"25:00\"", "format")]
    [InlineData("""{"format": "email"}""", "\"ann\"", "format")]
    [InlineData("""{"format": "uri"}""", "\"javascript:alert(1)\"", "format")]
    [InlineData("""{"format": "uuid"}""", "\"1\"", "format")]
    [InlineData("""{"pattern": "^a+$"}""", "\"b\"", "pattern")]
    [InlineData("""{"uniqueItems": true}""", "[1, 1]", "unique_items")]
    [InlineData("""{"multipleOf": 0.1}""", "0.25", "multiple_of")]
    [InlineData("""{"minProperties": 1}""", "{}", "too_short")]
    [InlineData("""{"oneOf": [{"type": "string"}, {"type": "number", "minimum": 3}]}""", "2", "any_of")]
    public void Check_ValueThatDoesNotFit_SaysTheKeyword(string schema, string value, string code) => Faults(schema, value).ShouldHaveSingleItem().Code.ShouldBe(code);

    [Theory]
    [InlineData("""{"format": "date"}""", "\"2026-02-28\"")]
    [InlineData("""{"format": "date-time"}""", "\"2026-02-28T10:00:00+02:00\"")]
    [InlineData("""{"format": "email"}""", "\"ann@example.com\"")]
    [InlineData("""{"format": "uri"}""", "\"https://example.com/a?b=c\"")]
    [InlineData("""{"multipleOf": 0.1}""", "0.3")]
    [InlineData("true", "1")]
    public void Check_ValueThatFits_FindsNothing(string schema, string value) => Faults(schema, value).ShouldBeEmpty();

    [Fact]
    public void Check_Faults_HavePointersAndPlaces()
    {
        var fault = Faults("""{"properties": {"a/b": {"items": {"properties": {"c": {"type": "string"}}}}}}""", """{"a/b": [{}, {"c": 1}]}""").ShouldHaveSingleItem();

        (fault.Field, fault.Place, fault.ToString()).ShouldBe(("/a~1b/1/c", "a/b[1].c", "a/b[1].c must be a string"));
    }

    [Theory]
    [InlineData("""{"$ref": "#/definitions/x"}""", "/$ref")]
    [InlineData("""{"properties": {"a": {"allOf": []}}}""", "/properties/a/allOf")]
    [InlineData("""{"items": {"pattern": "(?=x)"}}""", "/items/pattern")]
    [InlineData("""{"type": "text"}""", "/type")]
    [InlineData("""{"anyOf": [{"format": "ipv4"}]}""", "/anyOf/0/format")]
    [InlineData("5", "")]
    public void Unsupported_KeywordNobodyChecks_IsNamed(string schema, string field) => JsonSchema.Unsupported(JsonElement.Parse(schema)).ShouldHaveSingleItem().Field.ShouldBe(field);

    private static IReadOnlyList<SchemaFault> Faults(string schema, string value) => JsonSchema.Check(JsonElement.Parse(schema), JsonElement.Parse(value));
}

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
    [InlineData("""{"uniqueItems": true}""", "[1, 1]", "unique")]
    [InlineData("""{"multipleOf": 0.1}""", "0.25", "multiple")]
    [InlineData("""{"minProperties": 1}""", "{}", "length")]
    [InlineData("""{"oneOf": [{"type": "string"}, {"type": "number", "minimum": 3}]}""", "2", "form")]
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
    [InlineData(nameof(SchemaUse.Value), """{"b": null}""", "/a required", "/c required")]
    [InlineData(nameof(SchemaUse.Settings), """{"b": "{{data}}", "a": "x"}""", "/b type")]
    [InlineData(nameof(SchemaUse.Settings), """{"a": "{{data}}", "b": 5, "c": "{{data}}"}""")]
    [InlineData(nameof(SchemaUse.File), """{"a": "x", "b": null}""", "/b type")]
    [InlineData(nameof(SchemaUse.Settings), """{"a": "", "b": 9, "d": {}}""", "/a required", "/d unknown")]
    [InlineData(nameof(SchemaUse.Value), """{"a": "", "b": 9, "c": 1, "d": {}}""", "/a length", "/d unknown")]
    public void Check_ByUse_TreatsNullsDefaultsAndTemplates(string name, string value, params string[] expected)
    {
        var use = Enum.Parse<SchemaUse>(name);
        var schema = CompiledSchema.Read(JsonElement.Parse("""
            {
              "type": "object", "required": ["a", "b", "c", "hidden"], "additionalProperties": false,
              "properties": {
                "a": {"type": "string", "minLength": 1}, "b": {"type": "integer", "x-template": false, "default": 5}, "c": {"type": "integer", "default": 3},
                "hidden": {"type": "string", "x-show-if": {"a": "never"}}
              }
            }
            """));

        schema.Check(JsonElement.Parse(value), use).Where(fault => fault.Field is not "/hidden" && !(use == SchemaUse.Value && fault.Field == "/b"))
            .Select(fault => $"{fault.Field} {fault.Code}").ShouldBe(expected);
    }

    [Fact]
    public void Fault_OfASetting_IsASentenceWithItsTitle()
    {
        var schema = CompiledSchema.Read(JsonElement.Parse("""{"properties": {"n": {"type": "integer", "title": "How often", "maximum": 3}, "m": {"type": "boolean"}}}"""));

        schema.Check(JsonElement.Parse("""{"n": 4, "m": 1}"""), SchemaUse.Settings).Select(fault => fault.Sentence)
            .ShouldBe(["\"How often\" must be at most 3.", "\"m\" must be true or false, or a template."]);
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

using System.Text.Json;
using AgentLab.Core.Tools.Schema;

namespace AgentLab.Tests.Core.Tools;

public sealed class ArgumentValidatorTests
{
    private static readonly JsonElement Schema = JsonElement.Parse("""
        {
          "type": "object",
          "properties": {
            "name": { "type": "string", "minLength": 1, "maxLength": 5 },
            "kind": { "enum": ["a", "b"] },
            "limit": { "type": "integer", "minimum": 1, "maximum": 200 },
            "share": { "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1 },
            "value": { "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "number" } }] },
            "note": { "type": ["string", "null"] },
            "rows": { "type": "array", "minItems": 1, "maxItems": 2, "items": { "type": "object", "properties": { "column": { "type": "string" } }, "required": ["column"], "additionalProperties": false } }
          },
          "required": ["name"],
          "additionalProperties": false
        }
        """);

    [Theory]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""{"name":"x","kind":null,"limit":200,"share":0.5,"note":null}""")]
    [InlineData("""{"name":"x","limit":3.0,"value":[1,2.5]}""")]
    [InlineData("""{"name":"👩‍👩‍👧‍👧👩‍👩‍👧‍👧","rows":[{"column":"c"}]}""")]
    public void Validate_FittingArguments_FindsNothing(string arguments) =>
        ArgumentValidator.Validate(Schema, JsonElement.Parse(arguments)).ShouldBeEmpty();

    [Theory]
    [InlineData("{}", "name is missing")]
    [InlineData("""{"name":null}""", "name is missing")]
    [InlineData("""{"name":7}""", "name must be a string")]
    [InlineData("""{"name":""}""", "name needs at least 1 characters")]
    [InlineData("""{"name":"abcdef"}""", "name has 6 characters, at most 5 are allowed")]
    [InlineData("""{"name":"x","kind":"c"}""", "kind must be one of a, b")]
    [InlineData("""{"name":"x","limit":0}""", "limit must be at least 1")]
    [InlineData("""{"name":"x","limit":201}""", "limit must be at most 200")]
    [InlineData("""{"name":"x","limit":1.5}""", "limit must be an integer")]
    [InlineData("""{"name":"x","share":0}""", "share must be more than 0")]
    [InlineData("""{"name":"x","share":1}""", "share must be less than 1")]
    [InlineData("""{"name":"x","value":true}""", "value has none of the forms that are allowed")]
    [InlineData("""{"name":"x","rows":[]}""", "rows needs at least 1 items")]
    [InlineData("""{"name":"x","rows":[{"column":"c"},{}]}""", "rows[1].column is missing")]
    [InlineData("""{"name":"x","rows":[{"column":"c","other":1}]}""", "rows[0].other is not known (known are column)")]
    public void Validate_WrongArgument_NamesPlaceAndProblem(string arguments, string problem) =>
        ArgumentValidator.Validate(Schema, JsonElement.Parse(arguments)).ShouldBe([problem]);

    [Fact]
    public void Validate_ManyProblems_StopsAtFive()
    {
        var arguments = JsonElement.Parse("""{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1}""");

        ArgumentValidator.Validate(Schema, arguments).Count.ShouldBe(5);
    }
}

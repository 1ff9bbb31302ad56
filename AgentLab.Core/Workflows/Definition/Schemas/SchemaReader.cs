using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentLab.Core.Workflows.Definition.Schemas;

/// <summary>Compiles a schema; with a list for faults it is strict, without one it takes what it can use.</summary>
internal sealed class SchemaReader(List<SchemaFault>? faults)
{
    private const int MostFaults = 20;
    private const int MostPatternCharacters = 1_000;
    private const int Deepest = 32;

    public JsonSchema Read(JsonElement schema) => Read(schema, string.Empty, 0);

    private JsonSchema Read(JsonElement element, string at, int depth)
    {
        var schema = new JsonSchema();
        if (element.ValueKind is JsonValueKind.True)
        {
            return schema;
        }

        if (element.ValueKind != JsonValueKind.Object || depth > Deepest)
        {
            Fault(at, depth > Deepest ? $"The schema is nested deeper than {Deepest} levels: flatten it." : "A schema is a JSON object: write {\"type\": \"…\"}.");
            return schema;
        }

        foreach (var keyword in element.EnumerateObject())
        {
            Take(schema, keyword.Name, keyword.Value, JsonPointer.Join(at, keyword.Name), depth);
        }

        return schema;
    }

    private void Take(JsonSchema schema, string keyword, JsonElement value, string at, int depth)
    {
        switch (keyword)
        {
            case "type": schema.Types = Types(value, at); break;
            case "properties": Members(schema, value, at, depth); break;
            case "required": schema.Required = Names(value, at); break;
            case "additionalProperties": (schema.IsClosed, schema.Additional) = value.ValueKind == JsonValueKind.False ? (true, null) : (false, Read(value, at, depth + 1)); break;
            case "items": schema.Items = Read(value, at, depth + 1); break;
            case "enum": schema.Choices = Choices(value, at); break;
            case "const": schema.Choices = [value]; break;
            case "anyOf" or "oneOf": schema.Alternatives = Alternatives(value, at, depth); break;
            case "minimum": schema.Minimum = Number(value, at); break;
            case "maximum": schema.Maximum = Number(value, at); break;
            case "exclusiveMinimum": schema.Above = Number(value, at); break;
            case "exclusiveMaximum": schema.Below = Number(value, at); break;
            case "minLength": schema.MinLength = Count(value, at); break;
            case "maxLength": schema.MaxLength = Count(value, at); break;
            case "minItems": schema.MinItems = Count(value, at); break;
            case "maxItems": schema.MaxItems = Count(value, at); break;
            case "pattern": schema.Pattern = Pattern(value, at); break;
            case "format": schema.Format = Text(value); break;
            case "title": schema.Title = Text(value); break;
            case "default": schema.Default = value; break;
            case "x-template": schema.IsTemplate = value.ValueKind != JsonValueKind.False; break;
            case "x-control": schema.IsSecret = Text(value) == "secret"; break;
            case "x-show-if": schema.ShownIf = Conditions(value); break;
            default: Other(keyword, at); break;
        }
    }

    private void Other(string keyword, string at)
    {
        if (keyword is not ("description" or "examples" or "$schema" or "$id" or "$comment" or "deprecated" or "readOnly" or "writeOnly")
            && !keyword.StartsWith("x-", StringComparison.Ordinal))
        {
            Fault(at, $"\"{Short(keyword)}\" is not supported in an input schema: take it out.");
        }
    }

    private SchemaTypes Types(JsonElement value, string at)
    {
        var types = SchemaTypes.None;
        foreach (var one in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value])
        {
            types |= Text(one) switch
            {
                "object" => SchemaTypes.Object,
                "array" => SchemaTypes.Array,
                "string" => SchemaTypes.String,
                "number" => SchemaTypes.Number | SchemaTypes.Integer,
                "integer" => SchemaTypes.Integer,
                "boolean" => SchemaTypes.Boolean,
                "null" => SchemaTypes.Null,
                _ => SchemaTypes.None,
            };
        }

        if (types == SchemaTypes.None)
        {
            Fault(at, "\"type\" must be object, array, string, number, integer, boolean or null.");
            return SchemaTypes.Any;
        }

        return types;
    }

    private void Members(JsonSchema schema, JsonElement value, string at, int depth)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Fault(at, "\"properties\" must be an object of schemas.");
            return;
        }

        foreach (var member in value.EnumerateObject())
        {
            schema.Members[member.Name] = Read(member.Value, JsonPointer.Join(at, member.Name), depth + 1);
        }
    }

    private string[] Names(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String))
        {
            return [.. value.EnumerateArray().Select(name => name.GetString()!)];
        }

        Fault(at, "\"required\" must be a list of property names.");
        return [];
    }

    private JsonElement[]? Choices(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0)
        {
            return [.. value.EnumerateArray()];
        }

        Fault(at, "\"enum\" must be a list of the values that are allowed.");
        return null;
    }

    private JsonSchema[]? Alternatives(JsonElement value, string at, int depth)
    {
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0)
        {
            return [.. value.EnumerateArray().Select((one, i) => Read(one, JsonPointer.Join(at, i), depth + 1))];
        }

        Fault(at, "\"anyOf\" and \"oneOf\" must be lists of schemas.");
        return null;
    }

    private double? Number(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number))
        {
            return number;
        }

        Fault(at, "A bound must be a number.");
        return null;
    }

    private int? Count(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count >= 0)
        {
            return count;
        }

        Fault(at, "A count must be a whole number from 0.");
        return null;
    }

    private Regex? Pattern(JsonElement value, string at)
    {
        var text = Text(value);
        if (text is null || text.Length > MostPatternCharacters)
        {
            Fault(at, $"\"pattern\" must be a regular expression of at most {MostPatternCharacters:N0} characters.");
            return null;
        }

        try
        {
            return new Regex(text, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            Fault(at, "\"pattern\" is not a regular expression that can be used here: write it without look-around and back-references.");
            return null;
        }
    }

    private static (string Property, JsonElement[] Values)[] Conditions(JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? [.. value.EnumerateObject().Select(one => (one.Name, one.Value.ValueKind == JsonValueKind.Array ? one.Value.EnumerateArray().ToArray() : [one.Value]))]
        : [];

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Short(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 40), "…");

    private void Fault(string at, string message)
    {
        if (faults is not null && faults.Count < MostFaults)
        {
            faults.Add(new SchemaFault(at, "schema", message));
        }
    }
}

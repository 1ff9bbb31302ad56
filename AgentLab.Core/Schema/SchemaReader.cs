using System.Text.Json;

namespace AgentLab.Core.Schema;

/// <summary>Compiles a schema, as far as it can be used: keywords that are not known are passed over.</summary>
internal static class SchemaReader
{
    private const int Deepest = 32;

    public static CompiledSchema Read(JsonElement schema) => Read(schema, 0);

    private static CompiledSchema Read(JsonElement element, int depth)
    {
        var schema = new CompiledSchema();
        if (element.ValueKind == JsonValueKind.Object && depth <= Deepest)
        {
            foreach (var keyword in element.EnumerateObject())
            {
                Take(schema, keyword.Name, keyword.Value, depth + 1);
            }
        }

        return schema;
    }

    private static void Take(CompiledSchema schema, string keyword, JsonElement value, int depth)
    {
        switch (keyword)
        {
            case "type": schema.Types = Types(value); break;
            case "properties": Members(schema, value, depth); break;
            case "required": schema.Required = [.. Entries(value).Select(Text).OfType<string>()]; break;
            case "additionalProperties": (schema.IsClosed, schema.Additional) = value.ValueKind == JsonValueKind.False ? (true, null) : (false, Read(value, depth)); break;
            case "items" when value.ValueKind == JsonValueKind.Object: schema.Items = Read(value, depth); break;
            case "enum" when value.ValueKind == JsonValueKind.Array: schema.Choices = [.. Entries(value)]; break;
            case "const": schema.Choices = [value]; break;
            // More than one form of a oneOf may fit: what people and models mean by it is "one of these", and a value is not worse for fitting two.
            case "anyOf" or "oneOf" when value.ValueKind == JsonValueKind.Array: schema.Alternatives.Add([.. Entries(value).Select(one => Read(one, depth))]); break;
            case "minimum": schema.Minimum = Number(value); break;
            case "maximum": schema.Maximum = Number(value); break;
            case "exclusiveMinimum": schema.Above = Number(value); break;
            case "exclusiveMaximum": schema.Below = Number(value); break;
            case "minLength": schema.MinLength = Count(value); break;
            case "maxLength": schema.MaxLength = Count(value); break;
            case "minItems": schema.MinItems = Count(value); break;
            case "maxItems": schema.MaxItems = Count(value); break;
            case "minProperties": schema.MinMembers = Count(value); break;
            case "maxProperties": schema.MaxMembers = Count(value); break;
            case "uniqueItems": schema.IsUnique = value.ValueKind == JsonValueKind.True; break;
            case "multipleOf": schema.Step = Number(value); break;
            case "pattern": schema.Pattern = Text(value); break;
            case "format": schema.Format = Text(value); break;
            case "title": schema.Title = Text(value); break;
            case "default": schema.Default = value; break;
            case "x-template": schema.IsTemplate = value.ValueKind != JsonValueKind.False; break;
            case "x-control": schema.IsSecret = Text(value) == "secret"; break;
            case "x-show-if": schema.ShownIf = Conditions(value); break;
        }
    }

    private static JsonElement[] Entries(JsonElement value) => value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [];

    private static SchemaTypes Types(JsonElement value)
    {
        var types = SchemaTypes.None;
        foreach (var one in value.ValueKind == JsonValueKind.Array ? Entries(value) : [value])
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

        return types == SchemaTypes.None ? SchemaTypes.Any : types;
    }

    private static void Members(CompiledSchema schema, JsonElement value, int depth)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                schema.Members[member.Name] = Read(member.Value, depth);
            }
        }
    }

    private static double? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static int? Count(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) ? count : null;

    private static (string Property, JsonElement[] Values)[] Conditions(JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? [.. value.EnumerateObject().Select(one => (one.Name, one.Value.ValueKind == JsonValueKind.Array ? one.Value.EnumerateArray().ToArray() : [one.Value]))]
        : [];

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json;
using AgentLab.Core.Schema;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Definition.Files;

/// <summary>The JSON Schema of the file format: its shape from the records, its bounds and words from <see cref="FileSchemaWords"/>, its settings from the kinds.</summary>
internal static class FileSchema
{
    /// <summary>The shape alone, as files are checked against it before they are read.</summary>
    public static CompiledSchema Shape { get; } = CompiledSchema.Read(JsonElement.Parse(Base().ToJsonString()));

    /// <summary>The whole document, indented, ending in a line feed.</summary>
    public static string Document(INodeKinds kinds)
    {
        var schema = Base();
        var all = kinds.All.Select(kind => kind.Description).OrderBy(kind => kind.Kind, StringComparer.Ordinal).ToArray();
        var (definitions, cases) = (new JsonObject(), new JsonArray());
        foreach (var kind in all)
        {
            var settings = WithTemplates(JsonNode.Parse(kind.Settings.GetRawText())!, template: true)!.AsObject();
            settings["title"] ??= kind.Title;
            definitions[$"settings_{kind.Kind}"] = settings;
            cases.Add(new JsonObject
            {
                ["if"] = new JsonObject { ["properties"] = new JsonObject { ["kind"] = new JsonObject { ["const"] = kind.Kind } } },
                ["then"] = new JsonObject { ["properties"] = new JsonObject { ["settings"] = new JsonObject { ["$ref"] = $"#/$defs/settings_{kind.Kind}" } } },
            });
        }

        var node = schema["properties"]!["nodes"]!["items"]!.AsObject();
        node["properties"]!["kind"]!["enum"] = new JsonArray([.. all.Select(kind => (JsonNode)kind.Kind)]);
        node["allOf"] = cases;
        schema["$defs"] = definitions;
        return schema.ToJsonString(WorkflowJson.Readable.Options) + "\n";
    }

    private static JsonObject Base()
    {
        var schema = WorkflowJson.Readable.WorkflowDefinition.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = Describe,
        }).AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "AgentLab workflow");
        schema.Insert(2, "description", "A workflow as AgentLab exports and imports it. docs/workflows.md explains it.");
        schema["properties"]!.AsObject().Insert(0, "$schema", new JsonObject { ["type"] = "string", ["description"] = "Where this schema is, for editors." });
        schema["properties"]!.AsObject().Insert(1, "$comment", new JsonObject { ["type"] = "string", ["description"] = "A remark for people; an export warns here of what looks like a key." });
        return schema;
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is JsonObject type && type["required"] is JsonArray required)
        {
            // A place of 0 is left out of files.
            foreach (var name in required.Where(name => name!.GetValue<string>() is "x" or "y").ToArray())
            {
                required.Remove(name);
            }
        }

        if (context.PropertyInfo is not { } property || FileSchemaWords.Of(property.DeclaringType, property.Name) is not { } words)
        {
            return schema;
        }

        var described = schema as JsonObject ?? [];
        foreach (var (keyword, value) in words)
        {
            described[keyword] = value?.DeepClone();
        }

        return described;
    }

    /// <summary>Lets a template stand wherever the schema asks for something that a text cannot be before it is evaluated.</summary>
    private static JsonNode? WithTemplates(JsonNode? node, bool template)
    {
        if (node is not JsonObject schema)
        {
            return node?.DeepClone();
        }

        template &= schema["x-template"]?.GetValueKind() != JsonValueKind.False;
        var result = new JsonObject();
        foreach (var (keyword, value) in schema)
        {
            result[keyword] = keyword switch
            {
                "properties" when value is JsonObject members => Members(members, template),
                "items" or "additionalProperties" => WithTemplates(value, template) is { } inner ? Alternative(inner, template) : null,
                _ => value?.DeepClone(),
            };
        }

        return result;
    }

    private static JsonObject Members(JsonObject members, bool template)
    {
        var result = new JsonObject();
        foreach (var (name, member) in members)
        {
            var own = template && (member as JsonObject)?["x-template"]?.GetValueKind() != JsonValueKind.False;
            result[name] = WithTemplates(member, template) is { } inner ? Alternative(inner, own) : null;
        }

        return result;
    }

    private static JsonNode Alternative(JsonNode schema, bool template)
    {
        if (!template || schema is not JsonObject own || !(own.ContainsKey("type") || own.ContainsKey("enum")) || TakesAnyText(own))
        {
            return schema;
        }

        // What people read stays outside, so that editors show it.
        var outside = new JsonObject();
        foreach (var keyword in own.Select(pair => pair.Key).Where(key => key is "title" or "description" or "default" or "examples" || key.StartsWith("x-", StringComparison.Ordinal)).ToArray())
        {
            var value = own[keyword];
            own.Remove(keyword);
            outside[keyword] = value;
        }

        outside["anyOf"] = new JsonArray(own, new JsonObject { ["type"] = "string", ["pattern"] = @"\{\{" });
        return outside;
    }

    private static bool TakesAnyText(JsonObject schema) =>
        schema["type"] is JsonValue type && type.GetValueKind() == JsonValueKind.String && type.GetValue<string>() == "string"
        && !schema.Any(pair => pair.Key is "enum" or "const" or "pattern" or "format" or "minLength" or "maxLength" or "anyOf" or "oneOf");
}

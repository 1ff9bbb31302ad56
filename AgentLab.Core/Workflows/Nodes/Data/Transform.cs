using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Data;

/// <summary>transform: a value or a text made by a template.</summary>
internal sealed class Transform : PureKind
{
    public override NodeDescription Description { get; } = new()
    {
        Kind = "transform",
        Title = "Template",
        Group = NodeGroups.Data,
        Summary = "Makes a text or a JSON value from a template.",
        Help = """
            **Text**: write it with references and blocks, such as `{{#each data.items as |order|}}- {{order.id}}{{/each}}`.
            **JSON**: write any value; texts in it may be references, which keep their types.
            """,
        Icon = "M9 5c-2.5 0-2.5 1.5-2.5 3.5S6 12 4 12c2 0 2.5 1.5 2.5 3.5S6.5 19 9 19M15 5c2.5 0 2.5 1.5 2.5 3.5S18 12 20 12c-2 0-2.5 1.5-2.5 3.5S17.5 19 15 19",
        Keywords = ["text", "json", "handlebars", "format", "compose", "map"],
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "output": { "type": "string", "title": "Make", "enum": ["text", "json"], "default": "text", "x-template": false },
                "text": { "type": "string", "title": "Text", "x-control": "multiline", "x-show-if": { "output": "text" }, "examples": ["Order {{data.id}} is late."] },
                "json": { "title": "JSON", "x-control": "json", "x-show-if": { "output": "json" }, "examples": [{ "id": "{{data.id}}" }] }
              },
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"output": "text", "text": "Order {{data.id}} of {{default data.customer \"somebody\"}} is late."}"""),
    };

    public override IEnumerable<SettingFault> Check(JsonElement settings)
    {
        var field = settings.Text("output"u8, "text");
        if (settings.ValueKind == JsonValueKind.Object && !settings.TryGetProperty(field, out _))
        {
            yield return new SettingFault("/" + field, "setting_required", "Write the template.");
        }
    }

    protected override NodeResult Run(NodeCall call)
    {
        var isJson = call.Settings.Text("output"u8) == "json";
        var made = isJson ? call.Settings.Member("json"u8) : call.Settings.Member("text"u8);
        return NodeResult.Of(made ?? (isJson ? JsonOutput.Null : JsonOutput.Text(string.Empty)));
    }
}

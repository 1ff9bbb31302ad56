using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Data;

/// <summary>split: a text into a list of texts.</summary>
internal sealed class Split : PureKind
{
    private const int MaxParts = 100_000;

    public override NodeDescription Description { get; } = new()
    {
        Kind = "split",
        Title = "Split text",
        Group = NodeGroups.Data,
        Summary = "Cuts a text into a list.",
        Help = "Cuts at each separator: by default at line ends. Blanks round the parts and empty parts can be dropped.",
        Icon = "M5 5h14M5 19h14M12 8.5v7M9.5 10.5 12 8l2.5 2.5M9.5 13.5 12 16l2.5-2.5",
        Keywords = ["text", "lines", "list", "separator", "csv"],
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "text": { "type": "string", "title": "Text", "default": "{{data}}", "examples": ["{{data.body}}"] },
                "separator": { "type": "string", "title": "Separator", "default": "\n", "minLength": 1, "maxLength": 100 },
                "trim": { "type": "boolean", "title": "Drop blanks round the parts", "default": true, "x-template": false },
                "skip_empty": { "type": "boolean", "title": "Drop empty parts", "default": true, "x-template": false }
              },
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"text": "{{data.body}}", "separator": ","}"""),
    };

    protected override NodeResult Run(NodeCall call)
    {
        var text = call.Settings.Text("text"u8, string.Empty);
        var options = (call.Settings.IsTrue("trim"u8, otherwise: true) ? StringSplitOptions.TrimEntries : StringSplitOptions.None)
            | (call.Settings.IsTrue("skip_empty"u8, otherwise: true) ? StringSplitOptions.RemoveEmptyEntries : StringSplitOptions.None);
        var parts = text.Split(call.Settings.Text("separator"u8, "\n"), MaxParts + 1, options);
        if (parts.Length > MaxParts)
        {
            return new NodeResult.Failed("list_too_long", $"The text has more than {MaxParts:N0} parts. Split a shorter one.");
        }

        return new NodeResult.Completed(JsonOutput.Build(parts, Write)) { Summary = $"{parts.Length} parts" };
    }

    private static void Write(Utf8JsonWriter writer, string[] parts)
    {
        writer.WriteStartArray();
        foreach (var part in parts)
        {
            writer.WriteStringValue(part);
        }

        writer.WriteEndArray();
    }
}

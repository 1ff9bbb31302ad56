using System.Text;
using System.Text.Json;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Results;

/// <summary>report: a Markdown document made of parts, kept as an artifact.</summary>
internal sealed class Report : PureKind
{
    public override NodeDescription Description { get; } = new()
    {
        Kind = "report",
        Title = "Report",
        Group = NodeGroups.Results,
        Summary = "Makes a document of several parts and keeps it as an artifact.",
        Help = """
            Each part has a heading and a content: a text is taken as Markdown, a list of objects becomes a table, a list a bullet list, anything else a block of JSON. Parts without content are left
            out. Out goes `{"name", "markdown"}`.
            """,
        Icon = "M5.5 3.5h13v17h-13zM8.5 7.5h7M8.5 11h7M8.5 17v-2.5M12 17v-4M15.5 17v-1.5",
        Keywords = ["document", "markdown", "summary", "write", "table"],
        Subtitle = "{title}",
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "title": { "type": "string", "title": "Title", "minLength": 1, "maxLength": 200 },
                "name": { "type": "string", "title": "File name", "minLength": 1, "maxLength": 200, "default": "report.md", "x-advanced": true },
                "parts": {
                  "type": "array", "title": "Parts", "minItems": 1, "maxItems": 50,
                  "items": { "type": "object", "properties": { "heading": { "type": "string", "title": "Heading", "maxLength": 200 }, "content": { "title": "Content", "x-control": "multiline" } }, "additionalProperties": false }
                }
              },
              "required": ["title", "parts"],
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"title": "Late orders of {{run.startedAt}}", "parts": [{"heading": "Summary", "content": "{{data.summary}}"}, {"heading": "Orders", "content": "{{data.orders}}"}]}"""),
    };

    protected override NodeResult Run(NodeCall call)
    {
        var name = call.Settings.Text("name"u8, "report.md");
        if (Artifact.NameFault(name) is { } fault)
        {
            return new NodeResult.Failed("name_invalid", fault);
        }

        var text = new StringBuilder().Append("# ").Append(OneLine(call.Settings.Text("title"u8, "Report"))).Append('\n');
        foreach (var part in call.Settings.Items("parts"u8))
        {
            var content = part.Member("content"u8) is { } value ? Written(value).Trim() : string.Empty;
            if (content.Length == 0)
            {
                continue;
            }

            if (part.Text("heading"u8) is { Length: > 0 } heading)
            {
                text.Append("\n## ").Append(OneLine(heading)).Append('\n');
            }

            text.Append('\n').Append(content).Append('\n');
        }

        var markdown = text.ToString();
        var output = JsonOutput.Build((name, markdown), static (writer, it) =>
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, it.name);
            writer.WriteString("markdown"u8, it.markdown);
            writer.WriteEndObject();
        });
        return new NodeResult.Completed(output) { Artifacts = [new ToolArtifact(name, ToolArtifactKind.Text, markdown)], Summary = name };
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();

    private static string Written(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array when value.GetArrayLength() == 0 => string.Empty,
        JsonValueKind.Array when TableText.Markdown(value) is { } table => table,
        JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object)) =>
            string.Concat(value.EnumerateArray().Select(item => $"- {OneLine(ExpressionValue.Of(item).ToString())}\n")),
        JsonValueKind.Array or JsonValueKind.Object => $"```json\n{value.GetRawText()}\n```",
        _ => ExpressionValue.Of(value).ToString(),
    };
}

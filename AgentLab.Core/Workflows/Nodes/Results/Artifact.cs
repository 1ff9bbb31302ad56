using System.Text.Json;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Results;

/// <summary>artifact: a named result of the session.</summary>
internal sealed class Artifact : PureKind
{
    public override NodeDescription Description { get; } = new()
    {
        Kind = "artifact",
        Title = "Artifact",
        Group = NodeGroups.Results,
        Summary = "Keeps a value as a named result of the session.",
        Help = """
            A *text* is Markdown, a *table* a list of objects (or a text that is CSV already), *json* any value, a *file* a text in another format. Artifacts are shown and downloaded in the
            session. What came in goes out unchanged.
            """,
        Icon = "M6 3.5h8l4.5 4.5v12.5H6zM13.5 3.5V8.5h5M9 13h6.5M9 16.5h6.5",
        Keywords = ["file", "result", "save", "table", "csv", "download", "text"],
        Subtitle = "{name}",
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "name": { "type": "string", "title": "Name", "minLength": 1, "maxLength": 200, "examples": ["late-orders.csv"] },
                "kind": { "type": "string", "title": "Kind", "enum": ["text", "table", "json", "file"], "default": "text", "x-template": false },
                "content": { "title": "Content", "default": "{{data}}", "x-control": "multiline" }
              },
              "required": ["name"],
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"name": "late-orders.csv", "kind": "table", "content": "{{data.orders}}"}"""),
    };

    public override IEnumerable<SettingFault> Check(JsonElement settings)
    {
        if (settings.Text("name"u8) is { } name && !SettingReader.IsTemplate(name) && NameFault(name) is { } fault)
        {
            yield return new SettingFault("/name", "name_invalid", fault);
        }
    }

    internal static string? NameFault(string name) =>
        name.Any(letter => char.IsControl(letter) || letter is '/' or '\\') || name.Trim('.', ' ').Length == 0
            ? "A name has no slashes and no line breaks: late-orders.csv."
            : null;

    protected override NodeResult Run(NodeCall call)
    {
        var name = call.Settings.Text("name"u8, "artifact");
        if (NameFault(name) is { } fault)
        {
            return new NodeResult.Failed("name_invalid", fault);
        }

        var value = call.Settings.Member("content"u8) ?? JsonOutput.Null;
        var (kind, content) = call.Settings.Text("kind"u8) switch
        {
            "table" => (ToolArtifactKind.Table, TableText.Csv(value)),
            "json" => (ToolArtifactKind.Json, value.GetRawText()),
            "file" => (ToolArtifactKind.File, ExpressionValue.Of(value).ToString()),
            _ => (ToolArtifactKind.Text, ExpressionValue.Of(value).ToString()),
        };
        return new NodeResult.Completed(call.Data) { Artifacts = [new ToolArtifact(name, kind, content)], Summary = name };
    }
}

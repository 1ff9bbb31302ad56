using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Tests.Core.Workflows.Nodes;

/// <summary>Writes docs/nodes.md from the descriptions of the registered kinds.</summary>
internal static class NodesDocument
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    public static string Render(INodeKinds kinds)
    {
        var text = new StringBuilder("""
            # Nodes

            Every kind of node, as the palette offers it. This page is written from the code (`NodesDocumentTests`). Texts in settings may refer to values: see [expressions.md](expressions.md).
            Each node also has a name, a comment, a number of attempts, a timeout, and what follows an error: the run fails, goes on, or goes on through the port `error`.

            """.ReplaceLineEndings("\n"));
        foreach (var group in kinds.All.GroupBy(k => k.Description.Group))
        {
            text.Append("\n## ").Append(group.Key).Append('\n');
            foreach (var kind in group)
            {
                Append(text, kind);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, INodeKind kind)
    {
        var description = kind.Description;
        text.Append("\n### ").Append(description.Title).Append("\n\n`").Append(description.Kind).Append("` · ").Append(description.Summary).Append("\n\n");
        text.Append(description.Help.ReplaceLineEndings("\n")).Append("\n\n");
        text.Append("Ports: ").Append(Ports(description)).Append(". ").Append(Effect(description.Effect)).Append(". ").Append(Attempts(kind)).Append(".\n\n");
        var required = description.Settings.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(n => n.GetString()).ToHashSet() : [];
        var fields = description.Settings.GetProperty("properties").EnumerateObject().ToList();
        if (fields.Count > 0)
        {
            text.Append("| setting | | default |\n|---|---|---|\n");
            foreach (var field in fields)
            {
                text.Append("| `").Append(field.Name).Append('`').Append(required.Contains(field.Name) ? " (needed)" : "").Append(" | ").Append(Words(field.Value)).Append(" | ");
                text.Append(field.Value.TryGetProperty("default", out var value) && value.GetRawText() != "\"\"" ? $"`{value.GetRawText()}`" : "").Append(" |\n");
            }

            text.Append('\n');
        }

        text.Append("```json\n").Append(JsonSerializer.Serialize(description.Example, Indented)).Append("\n```\n");
    }

    private static string Ports(NodeDescription description)
    {
        var inputs = description.Inputs.Count == 0 ? "no input" : string.Join(", ", description.Inputs.Select(p => $"`{p.Name}`"));
        return $"{inputs} → {(description.Outputs.Count == 0 ? "none" : string.Join(", ", description.Outputs.Select(p => $"`{p.Name}`")))}";
    }

    private static string Effect(NodeEffect effect) => effect.Pure
        ? "Computes only"
        : $"Effect: {effect.Effect.ToString().ToLowerInvariant()}{(effect.RepeatSafe ? ", may be repeated" : ", not repeated unless the settings say that it may be")}";

    private static string Attempts(INodeKind kind) =>
        $"{(kind.Description.Retry.Attempts == 1 ? "One attempt" : $"{kind.Description.Retry.Attempts} attempts")}{(kind.HasTimeout ? $" of at most {kind.Description.Timeout.TotalSeconds:0} s" : ", no timeout")}";

    private static string Words(JsonElement field)
    {
        var title = field.GetProperty("title").GetString()!;
        var about = field.TryGetProperty("description", out var description) ? $": {description.GetString()}" : "";
        var choices = field.TryGetProperty("enum", out var values) ? $" ({string.Join(", ", values.EnumerateArray().Select(v => $"`{v.GetString()}`"))})" : "";
        return (title + about + choices).Replace("|", "\\|", StringComparison.Ordinal);
    }
}

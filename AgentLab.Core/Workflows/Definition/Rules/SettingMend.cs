using System.Text.Json.Nodes;
using System.Text.Json;
using AgentLab.Core.Schema;

namespace AgentLab.Core.Workflows.Definition.Rules;

/// <summary>The one obvious way to mend a setting, where there is one: take out what is not known, put back a default, go to the nearest bound.</summary>
internal static class SettingMend
{
    public static IReadOnlyList<WorkflowOperation>? For(WorkflowNode node, CompiledSchema schema, SchemaFault fault)
    {
        // Only settings at the top: what is deeper is for people to decide.
        if (JsonPointer.First(fault.Field) is not { } name || JsonPointer.Join(string.Empty, name) != fault.Field)
        {
            return null;
        }

        var member = schema.Members.GetValueOrDefault(name);
        return (fault.Code, member) switch
        {
            ("unknown", _) => With(node, settings => settings.Remove(name)),
            ("type" or "choice" or "form", { Default: { } standard }) => With(node, settings => settings[name] = JsonNode.Parse(standard.GetRawText())),
            ("range", { } bounded) when Nearest(node, name, bounded) is { } nearest => With(node, settings => settings[name] = nearest),
            _ => null,
        };
    }

    /// <summary>The node with one text of its settings, wherever it stands, changed.</summary>
    public static WorkflowNode Replace(WorkflowNode node, string field, string from, string to)
    {
        var root = JsonNode.Parse(node.Settings.GetRawText())!;
        var (parent, at) = ((JsonNode?)null, root);
        string? last = null;
        foreach (var part in field.Split('/').Skip(1).Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
        {
            (parent, last) = (at, part);
            at = at is JsonArray list ? list[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]! : at[part]!;
        }

        var text = at.GetValue<string>().Replace(from, to, StringComparison.Ordinal);
        if (parent is JsonArray items)
        {
            items[int.Parse(last!, System.Globalization.CultureInfo.InvariantCulture)] = text;
        }
        else if (parent is JsonObject members)
        {
            members[last!] = text;
        }

        return node with { Settings = Parsed(root) };
    }

    private static IReadOnlyList<WorkflowOperation> With(WorkflowNode node, Action<JsonObject> change)
    {
        var settings = JsonNode.Parse(node.Settings.GetRawText())!.AsObject();
        change(settings);
        return [new SetNode(node with { Settings = Parsed(settings) })];
    }

    private static JsonElement Parsed(JsonNode node) => JsonElement.Parse(node.ToJsonString(WorkflowJson.Compact.Options));

    private static JsonValue? Nearest(WorkflowNode node, string name, CompiledSchema bounds) =>
        !node.Settings.GetProperty(name).TryGetDouble(out var given) ? null
        : given < bounds.Minimum ? JsonValue.Create((decimal)bounds.Minimum.Value)
        : given > bounds.Maximum ? JsonValue.Create((decimal)bounds.Maximum.Value)
        : null;
}

using System.Text.Json;
using AgentLab.Core.Schema;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Agents;

/// <summary>A model's answer that must be JSON after a schema.</summary>
internal static class StructuredAnswer
{
    /// <summary>The value of an answer, or what is wrong with it in words that a model can mend it by.</summary>
    public static (JsonElement? Value, string? Fault) Read(string text, JsonElement schema)
    {
        JsonElement value;
        try
        {
            value = JsonOutput.Parse(Unfenced(text));
        }
        catch (JsonException)
        {
            return (null, "it is not one JSON value");
        }

        var faults = JsonSchema.Check(schema, value, 10);
        return faults.Count == 0 ? (value, null) : (null, string.Join("; ", faults));
    }

    /// <summary>What a model is told whose answer does not follow the schema.</summary>
    public static string SendBack(string fault) => $"That answer does not follow the schema: {fault}. Answer again with one JSON value that follows it, and nothing else.";

    /// <summary>Models like to put JSON into a fence of Markdown.</summary>
    private static string Unfenced(string text)
    {
        var trimmed = text.Trim();
        if (!trimmed.StartsWith("```", StringComparison.Ordinal) || !trimmed.EndsWith("```", StringComparison.Ordinal) || trimmed.Length < 6)
        {
            return trimmed;
        }

        var firstLine = trimmed.IndexOf('\n');
        return firstLine < 0 ? trimmed : trimmed[(firstLine + 1)..^3].Trim();
    }
}

using System.Text.Json;
using AgentLab.Core.Schema;

namespace AgentLab.Core.Workflows.Nodes;

/// <summary>A setting that is a JSON Schema itself.</summary>
internal static class SchemaSetting
{
    /// <summary>What is wrong with it.</summary>
    public static IEnumerable<SettingFault> Check(JsonElement settings, string field, bool mustBeObject)
    {
        if (settings.ValueKind != JsonValueKind.Object || !settings.TryGetProperty(field, out var schema) || schema.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        if (mustBeObject && schema.Text("type"u8) != "object")
        {
            yield return new SettingFault($"/{field}/type", "schema", "The schema describes an object: write \"type\": \"object\".");
        }

        foreach (var fault in JsonSchema.Unsupported(schema))
        {
            yield return new SettingFault($"/{field}{fault.Field}", "schema", $"{(fault.Field.Length == 0 ? "The schema" : fault.Field[1..])} {fault.Message}.");
        }
    }
}

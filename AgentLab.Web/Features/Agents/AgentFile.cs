using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentLab.Core;
using AgentLab.Core.Agents;

namespace AgentLab.Web.Features.Agents;

/// <summary>An agent as a file: readable JSON in a stable order, without ids, owners or secrets.</summary>
/// <param name="Format">Always <see cref="Current"/>.</param>
/// <param name="Agent">The agent's definition.</param>
internal sealed record AgentFile(string Format, AgentDefinition Agent)
{
    /// <summary>The format that is written and read.</summary>
    public const string Current = "agentlab.agent/1";

    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MaxBytes = 512 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The file of a definition.</summary>
    public static string Write(AgentDefinition definition) => JsonSerializer.Serialize(new AgentFile(Current, definition), Json) + "\n";

    /// <summary>Reads a file. The definition is well formed; whether its values are allowed is the store's to say.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out AgentDefinition? definition, [NotNullWhen(false)] out LabError? error)
    {
        definition = null;
        error = null;
        try
        {
            var file = JsonSerializer.Deserialize<AgentFile>(text, Json);
            if (file is { Format: Current, Agent: { Name: not null } agent })
            {
                definition = agent;
                return true;
            }

            error = LabError.Invalid("file", $"This is not an exported agent: its format must be {Current}.");
        }
        catch (JsonException fault)
        {
            var where = fault.Path is { Length: > 1 } path ? $" at {path}" : "";
            error = LabError.Invalid("file", $"This is not an exported agent: the JSON is wrong{where}.");
        }

        return false;
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentLab.Core.Agents;

namespace AgentLab.Data.Agents;

/// <summary>How definitions are kept: camel case, enumerations by name, nothing for null.</summary>
[JsonSerializable(typeof(AgentDefinition))]
internal sealed partial class DefinitionJson : JsonSerializerContext
{
    // Not escaped beyond what JSON asks for: the bytes are stored, never put into HTML.
    private static readonly DefinitionJson Stored = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter<AgentType>(JsonNamingPolicy.CamelCase) },
    });

    /// <summary>The bytes of a definition; the same definition gives the same bytes.</summary>
    public static byte[] Write(AgentDefinition definition) => JsonSerializer.SerializeToUtf8Bytes(definition, Stored.AgentDefinition);

    /// <summary>The definition of these bytes. Members that this version does not know are passed over.</summary>
    public static AgentDefinition Read(byte[] json) =>
        JsonSerializer.Deserialize(json, Stored.AgentDefinition) is { } definition
            ? AgentRules.Clean(definition)
            : throw new JsonException("An agent's stored definition is empty.");
}

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Sessions;

/// <summary>One kind of event.</summary>
/// <param name="Type">The stable dotted type.</param>
/// <param name="DataType">The record that holds its content.</param>
/// <param name="TypeInfo">How that record is read and written.</param>
/// <param name="Lifts">From version 1 to 2, from 2 to 3, and so on: none for a kind that never changed its meaning.</param>
public sealed record EventKind(string Type, Type DataType, JsonTypeInfo TypeInfo, IReadOnlyList<EventLift> Lifts)
{
    /// <summary>The version that is written now.</summary>
    public int Version => Lifts.Count + 1;

    /// <summary>The JSON schema of the content.</summary>
    public JsonNode Schema() => TypeInfo.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });

    /// <summary>Reads content of this kind; older versions are lifted, the stored bytes stay as they are. Null for a version that a later program wrote: its meaning is not known here.</summary>
    /// <param name="version">The version under which it was written, from 1.</param>
    /// <param name="content">The content as UTF-8 JSON.</param>
    /// <exception cref="JsonException">The bytes are not what that version says.</exception>
    public EventData? Decode(int version, ReadOnlySpan<byte> content)
    {
        if (version == Version)
        {
            return (EventData?)JsonSerializer.Deserialize(content, TypeInfo);
        }

        if (version < 1 || version > Version)
        {
            return null;
        }

        var lifted = JsonSerializer.Deserialize(content, EventJson.Events.JsonObject) ?? throw new JsonException($"The content of a {Type} event is null.");
        foreach (var lift in Lifts.Skip(version - 1))
        {
            lifted = lift(lifted);
        }

        return (EventData?)lifted.Deserialize(TypeInfo);
    }
}

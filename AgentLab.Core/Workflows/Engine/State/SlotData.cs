using System.Buffers;
using System.Text.Json;

namespace AgentLab.Core.Workflows.Engine.State;

/// <summary>What a node sees: only what had ended when it became ready, so that it sees the same when it runs again after a crash.</summary>
internal static class SlotData
{
    private static readonly JsonElement Null = JsonElement.Parse("null");

    /// <summary>The value that came in: that of the one live input, a list in edge order of several, null of none.</summary>
    public static JsonElement Data(this Slot slot)
    {
        var (count, only) = (0, default(JsonElement));
        foreach (var edge in slot.Node.In)
        {
            if (slot.Sees(edge, out var value))
            {
                count++;
                only = value;
            }
        }

        return count switch
        {
            0 => Null,
            1 => only,
            _ => Several(slot),
        };
    }

    /// <summary>The newest output of a node, looked for in the slot's frame and then outwards; null when there is none.</summary>
    public static JsonElement? Output(this Slot slot, string nodeId)
    {
        return Output(slot.Frame, nodeId, slot.ReadyAt);
    }

    /// <summary>The newest output of a node as it is now, looked for in the frame and then outwards; null when there is none.</summary>
    public static JsonElement? Output(this Frame start, string nodeId) => Output(start, nodeId, int.MaxValue);

    private static JsonElement? Output(Frame start, string nodeId, int by)
    {
        if (start.Activation.Workflow.Find(nodeId) is not { } node)
        {
            return null;
        }

        for (Frame? frame = start; frame is not null; frame = frame.Loop?.Frame)
        {
            if (node.Place < frame.Slots.Length && frame.Slots[node.Place] is { Status: SlotStatus.Completed } found && found.Node == node && found.EndedAt <= by)
            {
                return found.Value;
            }
        }

        return null;
    }

    private static bool Sees(this Slot slot, Compiled.CompiledEdge edge, out JsonElement value)
    {
        if (edge.EntersBody)
        {
            value = OrNull(slot.Frame.Item);
            return true;
        }

        var source = slot.Frame.Slots[edge.Source.Place];
        value = OrNull(source.Value);
        return source.IsLive(edge.FromPort) && source.EndedAt <= slot.ReadyAt;
    }

    private static JsonElement Several(Slot slot)
    {
        var values = new List<JsonElement>();
        foreach (var edge in slot.Node.In)
        {
            if (slot.Sees(edge, out var value))
            {
                values.Add(value);
            }
        }

        return JsonLists.Of(values);
    }

    private static JsonElement OrNull(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? Null : value;
}

/// <summary>Lists of JSON values.</summary>
internal static class JsonLists
{
    /// <summary>The values as one JSON array; a missing one is null.</summary>
    public static JsonElement Of(IReadOnlyList<JsonElement> values)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartArray();
            foreach (var value in values)
            {
                if (value.ValueKind == JsonValueKind.Undefined)
                {
                    writer.WriteNullValue();
                }
                else
                {
                    value.WriteTo(writer);
                }
            }

            writer.WriteEndArray();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentLab.Web.Features.Sessions.Streams;

/// <summary>Writes a frame as JSON for the hub. The events' bytes go out as they were committed: every viewer gets the same.</summary>
internal sealed class SessionFrameConverter : JsonConverter<SessionFrame>
{
    public override SessionFrame Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Frames go from the server to its clients only.");

    public override void Write(Utf8JsonWriter writer, SessionFrame value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        switch (value.Kind)
        {
            case FrameKind.Open:
                writer.WriteString("kind"u8, "open"u8);
                WriteOpen(writer, value);
                break;
            case FrameKind.Events:
                writer.WriteString("kind"u8, "events"u8);
                writer.WriteStartArray("events"u8);
                foreach (var e in value.Events)
                {
                    writer.WriteRawValue(e.Json.Span, skipInputValidation: true);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteString("kind"u8, "heartbeat"u8);
                writer.WriteNumber("head"u8, value.Head);
                break;
        }

        writer.WriteEndObject();
    }

    /// <summary>The members of an opening frame, the same over the hub and in server-sent events.</summary>
    public static void WriteOpen(Utf8JsonWriter writer, SessionFrame frame)
    {
        writer.WriteString("epoch"u8, frame.Epoch);
        writer.WriteNumber("head"u8, frame.Head);
        writer.WriteString("status"u8, SessionWords.Of(frame.Status));
        writer.WriteBoolean("resync"u8, frame.Resync);
    }
}

using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentLab.Core.Sessions;

/// <summary>
/// A committed event in the bytes that every viewer gets, made once. <see cref="Json"/> is the event as one JSON object; <see cref="ServerSentEvent"/> is the
/// same bytes framed as a server-sent event (<c>id:</c> is the sequence), so that neither stream copies or writes JSON again.
/// The bytes of <see cref="Json"/> are what the hash chain covers: their form never changes for an event that is written.
/// </summary>
public sealed class EncodedEvent
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static Scratch? _scratch;

    private readonly byte[] _frame;
    private readonly int _jsonStart;

    /// <summary>Encodes a committed event.</summary>
    public EncodedEvent(SessionEvent committed)
    {
        Event = committed;
        var scratch = _scratch ??= new Scratch();
        var buffer = scratch.Buffer;
        buffer.ResetWrittenCount();
        buffer.Write("id: "u8);
        Utf8Formatter.TryFormat(committed.Sequence, buffer.GetSpan(20), out var written);
        buffer.Advance(written);
        buffer.Write("\ndata: "u8);
        _jsonStart = buffer.WrittenCount;
        scratch.Writer.Reset(buffer);
        Write(scratch.Writer, committed);
        scratch.Writer.Flush();
        buffer.Write("\n\n"u8);
        _frame = buffer.WrittenSpan.ToArray();
    }

    /// <summary>The event itself.</summary>
    public SessionEvent Event { get; }

    /// <summary>The position in its session.</summary>
    public long Sequence => Event.Sequence;

    /// <summary>The event as one JSON object in UTF-8, on one line.</summary>
    public ReadOnlyMemory<byte> Json => _frame.AsMemory(_jsonStart, _frame.Length - _jsonStart - 2);

    /// <summary>The event as one server-sent event, its blank line included.</summary>
    public ReadOnlyMemory<byte> ServerSentEvent => _frame;

    /// <summary>Roughly the bytes that it holds in memory.</summary>
    public int Weight => _frame.Length + Event.Json.Length + 200;

    /// <inheritdoc />
    public override string ToString() => Encoding.UTF8.GetString(Json.Span);

    private static void Write(Utf8JsonWriter writer, SessionEvent e)
    {
        writer.WriteStartObject();
        writer.WriteNumber("sequence"u8, e.Sequence);
        if (e.RunId is { } run)
        {
            writer.WriteString("runId"u8, run.Value);
        }

        if (e.StepId is { } step)
        {
            writer.WriteString("stepId"u8, step);
            writer.WriteNumber("attempt"u8, e.Attempt);
        }

        writer.WriteString("type"u8, e.Type);
        writer.WriteNumber("v"u8, e.V);
        writer.WriteString("at"u8, e.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        writer.WritePropertyName("data"u8);
        writer.WriteRawValue(e.Json.Span, skipInputValidation: true);
        writer.WriteEndObject();
    }

    private sealed class Scratch
    {
        public Scratch() => Writer = new Utf8JsonWriter(Buffer, WriterOptions);

        public ArrayBufferWriter<byte> Buffer { get; } = new(1024);

        public Utf8JsonWriter Writer { get; }
    }
}

using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentLab.Core.Workflows.Expressions;

/// <summary>Writes a JSON value into memory that is used again, and reads it back once. The way by which nodes make their outputs: no reflection, one parse.</summary>
public static class JsonOutput
{
    private const int KeptBytes = 256 * 1024;

    private static readonly JsonWriterOptions Written = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
        MaxDepth = ExpressionLimits.JsonDepth + 1,
    };

    private static readonly JsonDocumentOptions Read = new() { MaxDepth = ExpressionLimits.JsonDepth };

    [ThreadStatic]
    private static Scratch? _scratch;

    /// <summary><c>null</c>.</summary>
    public static JsonElement Null { get; } = JsonElement.Parse("null");

    /// <summary><c>true</c>.</summary>
    public static JsonElement True { get; } = JsonElement.Parse("true");

    /// <summary><c>false</c>.</summary>
    public static JsonElement False { get; } = JsonElement.Parse("false");

    /// <summary><c>{}</c>.</summary>
    public static JsonElement EmptyObject { get; } = JsonElement.Parse("{}");

    /// <summary><c>[]</c>.</summary>
    public static JsonElement EmptyList { get; } = JsonElement.Parse("[]");

    /// <summary>The value that <paramref name="write"/> writes.</summary>
    /// <exception cref="ExpressionException">It is nested deeper than 64 levels.</exception>
    public static JsonElement Build<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        ArgumentNullException.ThrowIfNull(write);

        // Taken out while it is used: a value that is built inside another one gets memory of its own.
        var scratch = _scratch ?? new Scratch();
        _scratch = null;
        try
        {
            write(scratch.Writer, state);
            scratch.Writer.Flush();
            return JsonElement.Parse(scratch.Buffer.WrittenSpan, Read);
        }
        catch (Exception deep) when (deep is JsonException or InvalidOperationException)
        {
            throw new ExpressionException("value_too_deep", $"The value is nested deeper than {ExpressionLimits.JsonDepth} levels, or is no JSON value. Flatten it.");
        }
        finally
        {
            if (scratch.Buffer.Capacity <= KeptBytes)
            {
                scratch.Buffer.ResetWrittenCount();
                scratch.Writer.Reset(scratch.Buffer);
                _scratch = scratch;
            }
        }
    }

    /// <summary>A JSON text as a value, at most 64 levels deep.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static JsonElement Parse(string json) => JsonElement.Parse(json, Read);

    /// <summary>A text as JSON.</summary>
    public static JsonElement Text(string text) => Build(text, static (writer, it) => writer.WriteStringValue(it));

    /// <summary>A list as JSON.</summary>
    public static JsonElement List(IEnumerable<JsonElement> items) => Build(items, static (writer, them) =>
    {
        writer.WriteStartArray();
        foreach (var item in them)
        {
            item.WriteTo(writer);
        }

        writer.WriteEndArray();
    });

    private sealed class Scratch
    {
        public Scratch() => Writer = new Utf8JsonWriter(Buffer, Written);

        public ArrayBufferWriter<byte> Buffer { get; } = new(1024);

        public Utf8JsonWriter Writer { get; }
    }
}

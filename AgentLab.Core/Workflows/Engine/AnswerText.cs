using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>A run's output as words for the person who talks to the workflow.</summary>
public static class AnswerText
{
    // Letters as people read them: the words are shown, and escaped where they are.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Fields = ["text", "answer"];

    /// <summary>A text as it is; of an object its <c>text</c> or <c>answer</c>, when that is a text; anything else as compact JSON; nothing for no value.</summary>
    public static string Of(JsonElement output) => output.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => string.Empty,
        JsonValueKind.String => output.GetString()!,
        JsonValueKind.Object => FieldOf(output) ?? Compact(output),
        _ => Compact(output),
    };

    private static string? FieldOf(JsonElement output)
    {
        foreach (var name in Fields)
        {
            if (output.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.String)
            {
                return field.GetString();
            }
        }

        return null;
    }

    private static string Compact(JsonElement output)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            output.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}

using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentLab.Core.Tools;

/// <summary>Turns what a function returned into an outcome, and cuts a result that is too long.</summary>
internal static class ToolResults
{
    /// <summary>Room for the note, the property names and the escapes of quotes around a cut text.</summary>
    private const int EnvelopeBytes = 512;

    public static ToolOutcome From(object? returned, JsonSerializerOptions options) => returned switch
    {
        ToolOutcome outcome => outcome,
        JsonElement element => ToolOutcome.Succeeded(element.ValueKind == JsonValueKind.Undefined ? ToolJson.ToElement<object?>(null) : element),
        TextContent text => ToolOutcome.Succeeded(ToolJson.ToElement(text.Text)),
        _ => ToolOutcome.Succeeded(JsonSerializer.SerializeToElement(returned, options)),
    };

    public static ToolOutcome Bound(ToolOutcome outcome)
    {
        if (!outcome.IsSuccess)
        {
            return outcome;
        }

        var isText = outcome.Result.Value.ValueKind == JsonValueKind.String;
        var json = JsonSerializer.SerializeToUtf8Bytes(outcome.Result.Value, ToolJson.Options);
        if (json.Length <= ToolInvoker.MaxResultBytes)
        {
            return outcome;
        }

        var whole = isText ? outcome.Result.Value.GetString()! : Encoding.UTF8.GetString(json);
        var cut = new
        {
            truncated = true,
            note = $"The result was cut: it took {json.Length} bytes and at most {ToolInvoker.MaxResultBytes} are kept. Ask for less.",
            text = Cut(whole, ToolInvoker.MaxResultBytes - EnvelopeBytes),
        };
        return ToolOutcome.Succeeded(ToolJson.ToElement(cut), outcome.Preview, outcome.Artifacts);
    }

    /// <summary>The longest start of a text that takes at most so many bytes as a JSON string, never splitting a character.</summary>
    private static string Cut(string text, int maxBytes)
    {
        var bytes = 0;
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Value switch
            {
                '"' or '\\' => 2,
                < 0x20 or 0x7F or (>= 0x80 and < 0xA0) or 0x2028 or 0x2029 or 0xFEFF => 6,
                _ => rune.IsBmp ? rune.Utf8SequenceLength : 12,
            };
            if (bytes > maxBytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}

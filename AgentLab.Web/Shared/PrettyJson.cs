using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentLab.Web.Shared;

/// <summary>JSON as people read it.</summary>
internal static class PrettyJson
{
    // Safe: what shows it encodes it.
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The element over several lines.</summary>
    public static string Indent(JsonElement element) => JsonSerializer.Serialize(element, Indented);

    /// <summary>The text over several lines when it is a JSON object or array; null when it is not.</summary>
    public static string? TryIndent(string text)
    {
        var start = text.AsSpan().TrimStart();
        if (start.IsEmpty || start[0] is not ('{' or '['))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return Indent(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

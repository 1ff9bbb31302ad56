using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentLab.Web.Features.Workflows.Forms;

/// <summary>Values of any kind in a one-line box: numbers, yes and no, objects and lists keep their kind; everything else is text, and text that reads as another kind stands in quotation marks.</summary>
internal static class LooseValue
{
    /// <summary>The value as the box shows it.</summary>
    public static string Show(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.GetValueKind() == JsonValueKind.String && !Reads(text.GetValue<string>()) => text.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    /// <summary>The value that the box's text means.</summary>
    public static JsonNode? Read(string text) => Reads(text) ? JsonNode.Parse(text) : JsonValue.Create(text);

    private static bool Reads(string text)
    {
        if (text.Length == 0 || text.StartsWith("{{", StringComparison.Ordinal) || !(char.IsAsciiDigit(text[0]) || text[0] is '-' or '{' or '[' or '"' || text is "true" or "false" or "null"))
        {
            return false;
        }

        try
        {
            JsonNode.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

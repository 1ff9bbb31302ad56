using System.Globalization;

namespace AgentLab.Core.Workflows.Definition.Schemas;

/// <summary>The values of <c>format</c> that are looked at; any other is a remark.</summary>
internal static class TextFormat
{
    public static bool Fits(string format, string text) => format switch
    {
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "date-time" => text.Length >= 19 && text[10] is 'T' or 't' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "email" => text.IndexOf('@') is > 0 and var at && at < text.Length - 1 && text.IndexOf('@', at + 1) < 0 && !text.Any(char.IsWhiteSpace),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        _ => true,
    };

    public static string Name(string format) => format switch
    {
        "date" => "a date such as 2026-03-31",
        "date-time" => "a time such as 2026-03-31T09:00:00Z",
        "uuid" => "a UUID",
        "email" => "an e-mail address",
        _ => "an address such as https://example.org/",
    };
}

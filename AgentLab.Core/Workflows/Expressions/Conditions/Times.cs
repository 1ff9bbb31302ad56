using System.Globalization;

namespace AgentLab.Core.Workflows.Expressions.Conditions;

/// <summary>Times as texts: ISO 8601, a date alone or with a time. Without an offset they are UTC, wherever the server stands.</summary>
internal static class Times
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        return text.Length is >= 10 and <= 40 && char.IsAsciiDigit(text[0]) && text[4] == '-'
            && DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    /// <summary>Whether the text is a date without a time.</summary>
    public static bool IsDate(string text) => text.Length == 10 && TryParse(text, out _);

    public static string Write(DateTimeOffset time, bool isDate) => isDate
        ? time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : time.ToString(time.Offset == TimeSpan.Zero ? "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFzzz", CultureInfo.InvariantCulture);

    /// <exception cref="ExpressionException">There is no such time zone.</exception>
    public static TimeZoneInfo Zone(string name) =>
        // The name becomes a file name under the system's zone directory: let nothing through that is not a zone's spelling.
        name.Length is > 0 and <= 64 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '+' or '/')
        && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : throw new ExpressionException("template_type", "There is no such time zone. Use an IANA name such as Europe/Berlin.");
}

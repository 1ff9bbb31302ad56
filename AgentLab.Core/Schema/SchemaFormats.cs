using System.Net.Mail;
using AgentLab.Core.Workflows.Expressions.Conditions;

namespace AgentLab.Core.Schema;

/// <summary>The formats of texts.</summary>
internal static class SchemaFormats
{
    public static IReadOnlyList<string> All { get; } = ["date", "date-time", "time", "email", "uri", "uuid"];

    /// <summary>What is wrong with a text of this format; null when nothing is, or the format is not known.</summary>
    public static string? Fault(string format, string text) => format switch
    {
        "date" when !Times.IsDate(text) => "must be a date such as 2026-03-01",
        "date-time" when text.Length <= 10 || !Times.TryParse(text, out _) => "must be a time such as 2026-03-01T09:30:00Z",
        "time" when !TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out _) => "must be a time of day such as 09:30",
        "email" when !IsEmail(text) => "must be an e-mail address",
        "uri" when !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https" or "mailto" or "urn") => "must be an address such as https://example.com/page",
        "uuid" when !Guid.TryParseExact(text, "D", out _) => "must be a UUID",
        _ => null,
    };

    private static bool IsEmail(string text) =>
        text.Length <= 254 && MailAddress.TryCreate(text, out var address) && address.Address == text && text.AsSpan(text.LastIndexOf('@') + 1).Contains('.');
}

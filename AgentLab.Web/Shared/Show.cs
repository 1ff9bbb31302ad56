using System.Globalization;

namespace AgentLab.Web.Shared;

/// <summary>Numbers as people read them; the same everywhere.</summary>
internal static class Show
{
    private static readonly CultureInfo Culture = CultureInfo.GetCultureInfo("en");

    /// <summary>A duration: "84 ms", "1.2 s", "3 min 4 s".</summary>
    public static string Duration(long milliseconds) => milliseconds switch
    {
        < 1000 => $"{milliseconds} ms",
        < 60_000 => string.Create(Culture, $"{milliseconds / 1000.0:0.0} s"),
        < 3_600_000 => $"{milliseconds / 60_000} min {milliseconds / 1000 % 60} s",
        _ => $"{milliseconds / 3_600_000} h {milliseconds / 60_000 % 60} min",
    };

    /// <summary>A count with thousands separated.</summary>
    public static string Count(long count) => count.ToString("N0", Culture);

    /// <summary>A count with its word: "1 token", "2 tokens".</summary>
    public static string Count(long count, string one) => $"{Count(count)} {one}{(count == 1 ? "" : "s")}";

    /// <summary>Money in US dollars, with as many places as a small amount needs.</summary>
    public static string Money(decimal amount) => amount switch
    {
        0 => "$0",
        < 0.01m => "$" + amount.ToString("0.0000", Culture),
        _ => "$" + amount.ToString("N2", Culture),
    };

    /// <summary>A size: "812 B", "4.2 KB", "1.0 MB".</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => string.Create(Culture, $"{bytes / 1024.0:0.0} KB"),
        _ => string.Create(Culture, $"{bytes / 1048576.0:0.0} MB"),
    };
}

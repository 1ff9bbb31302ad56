using System.Globalization;

namespace AgentLab.Core.Schema;

/// <summary>Writes JSON pointers (RFC 6901).</summary>
internal static class JsonPointer
{
    public static string Join(string pointer, string name) =>
        name.AsSpan().IndexOfAny('~', '/') < 0 ? $"{pointer}/{name}" : $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    public static string Join(string pointer, int index) => string.Create(CultureInfo.InvariantCulture, $"{pointer}/{index}");

    /// <summary>The first name in a pointer; null for the root.</summary>
    public static string? First(string pointer)
    {
        if (pointer.Length < 2)
        {
            return null;
        }

        var end = pointer.IndexOf('/', 1);
        return (end < 0 ? pointer[1..] : pointer[1..end]).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
    }
}

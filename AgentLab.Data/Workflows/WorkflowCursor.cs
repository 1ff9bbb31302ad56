using System.Globalization;

namespace AgentLab.Data.Workflows;

/// <summary>Where a page of a list ended: the time and the key of its last item. Opaque to clients.</summary>
internal static class WorkflowCursor
{
    public static string Write(long at, long key) => string.Create(CultureInfo.InvariantCulture, $"{at}-{key}");

    /// <summary>Where a page of versions ended: its last one.</summary>
    public static string WriteVersion(int version) => string.Create(CultureInfo.InvariantCulture, $"v{version}");

    /// <exception cref="FormatException">The text is not a cursor of ours.</exception>
    public static int ReadVersion(string text) =>
        text.StartsWith('v') && int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : throw Wrong();

    /// <exception cref="FormatException">The text is not a cursor of ours.</exception>
    public static (long At, long Key) Read(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash > 0
            && long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            && long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var key)
            ? (at, key)
            : throw Wrong();
    }

    private static FormatException Wrong() => new("The cursor is not one that this list gave out. Leave it out to start at the first page.");
}

namespace AgentLab.Core.Sessions;

/// <summary>What a session is called that nobody has named: the beginning of its first message, on one line.</summary>
internal static class SessionTitle
{
    private const int Characters = 80;

    /// <summary>The title of a session that begins with this message.</summary>
    public static string Of(string text)
    {
        var plain = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        var line = string.Join(' ', plain.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Length <= Characters)
        {
            return line;
        }

        var cut = line.LastIndexOf(' ', Characters);
        var end = cut > Characters / 2 ? cut : Characters - (char.IsHighSurrogate(line[Characters - 1]) ? 1 : 0);
        return line[..end] + "…";
    }
}

namespace AgentLab.Core.Tools.Documents;

/// <summary>Splits Markdown at its headings. What stands in a code fence is no heading.</summary>
internal static class MarkdownSections
{
    public static IReadOnlyList<DocumentSection> Split(string path, string markdown)
    {
        var sections = new List<DocumentSection>();
        var trail = new string?[7];
        var lines = new List<string>();
        string? title = null;
        string? fence = null;
        foreach (var line in markdown.Split('\n').Select(line => line.TrimEnd('\r')))
        {
            fence = FenceAfter(fence, line);
            if (fence is not null || Heading(line) is not var (level, text))
            {
                lines.Add(line);
                continue;
            }

            Close();
            if (title is null)
            {
                title = text;
                continue;
            }

            trail[level] = text;
            Array.Clear(trail, level + 1, trail.Length - level - 1);
        }

        Close();
        return sections;

        void Close()
        {
            var body = string.Join('\n', lines).Trim();
            lines.Clear();
            if (body.Length > 0)
            {
                sections.Add(new DocumentSection(path, title ?? Path.GetFileName(path), string.Join(" › ", trail.Where(part => part is not null)), body));
            }
        }
    }

    /// <summary>The mark of the fence that is open after this line, or null.</summary>
    private static string? FenceAfter(string? open, string line)
    {
        var start = line.TrimStart();
        if (open is not null)
        {
            return start.StartsWith(open, StringComparison.Ordinal) && start.TrimEnd().Trim(open[0]).Length == 0 ? null : open;
        }

        return start.StartsWith("```", StringComparison.Ordinal) ? "```" : start.StartsWith("~~~", StringComparison.Ordinal) ? "~~~" : null;
    }

    private static (int Level, string Text)? Heading(string line)
    {
        var level = line.TakeWhile(letter => letter == '#').Count();
        return level is >= 1 and <= 6 && line.Length > level && line[level] == ' ' ? (level, line[level..].Trim().TrimEnd('#').Trim()) : null;
    }
}

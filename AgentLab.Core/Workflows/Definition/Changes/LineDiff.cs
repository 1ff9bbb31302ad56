namespace AgentLab.Core.Workflows.Definition.Changes;

/// <summary>The fewest lines taken out and put in (Myers), with three lines of both around them. Bounded: texts that differ in more than a thousand lines show as replaced there.</summary>
internal static class LineDiff
{
    private const int Around = 3;
    private const int MostChanges = 1_000;

    public static IReadOnlyList<DiffLine> Between(string[] from, string[] to)
    {
        var head = 0;
        while (head < from.Length && head < to.Length && from[head] == to[head])
        {
            head++;
        }

        var tail = 0;
        while (tail < from.Length - head && tail < to.Length - head && from[^(tail + 1)] == to[^(tail + 1)])
        {
            tail++;
        }

        if (head == from.Length && head == to.Length)
        {
            return [];
        }

        var lines = new List<DiffLine>(to.Length + 16);
        for (var i = 0; i < head; i++)
        {
            lines.Add(new DiffLine(' ', from[i], i + 1, i + 1));
        }

        Middle(from.AsSpan(head..^tail), to.AsSpan(head..^tail), head, lines);
        for (var i = tail; i > 0; i--)
        {
            lines.Add(new DiffLine(' ', from[^i], from.Length - i + 1, to.Length - i + 1));
        }

        return Shortened(lines);
    }

    private static void Middle(ReadOnlySpan<string> from, ReadOnlySpan<string> to, int head, List<DiffLine> lines)
    {
        var (i, j) = (0, 0);
        foreach (var (old, now, inserts) in Script(from, to))
        {
            while (i < old && j < now)
            {
                lines.Add(new DiffLine(' ', from[i], head + ++i, head + ++j));
            }

            lines.Add(inserts ? new DiffLine('+', to[j], 0, head + ++j) : new DiffLine('-', from[i], head + ++i, 0));
        }

        while (i < from.Length)
        {
            lines.Add(new DiffLine(' ', from[i], head + ++i, head + ++j));
        }
    }

    /// <summary>The steps in order, each with where it is made; between them are lines of both.</summary>
    private static List<(int Old, int New, bool Inserts)> Script(ReadOnlySpan<string> from, ReadOnlySpan<string> to)
    {
        var (n, m) = (from.Length, to.Length);
        var most = Math.Min(n + m, MostChanges);
        var furthest = new int[(2 * most) + 2];
        var trace = new List<int[]>();
        for (var changes = 0; changes <= most; changes++)
        {
            trace.Add(furthest[(most - changes)..(most + changes + 1)]);
            for (var k = -changes; k <= changes; k += 2)
            {
                var down = k == -changes || (k != changes && furthest[most + k - 1] < furthest[most + k + 1]);
                var x = down ? furthest[most + k + 1] : furthest[most + k - 1] + 1;
                var y = x - k;
                while (x < n && y < m && from[x] == to[y])
                {
                    (x, y) = (x + 1, y + 1);
                }

                furthest[most + k] = x;
                if (x >= n && y >= m)
                {
                    return Back(trace, changes, n, m);
                }
            }
        }

        return Replaced(n, m);
    }

    private static List<(int Old, int New, bool Inserts)> Back(List<int[]> trace, int changes, int n, int m)
    {
        var steps = new List<(int Old, int New, bool Inserts)>();
        var (x, y) = (n, m);
        for (var d = changes; d > 0; d--)
        {
            // What had been reached with one change less; its middle is diagonal 0.
            var before = trace[d];
            int At(int k) => before[k + d];
            var k = x - y;
            var down = k == -d || (k != d && At(k - 1) < At(k + 1));
            var previous = down ? k + 1 : k - 1;
            var (oldX, oldY) = (At(previous), At(previous) - previous);
            steps.Add((oldX, oldY, down));
            (x, y) = (oldX, oldY);
        }

        steps.Reverse();
        return steps;
    }

    private static List<(int Old, int New, bool Inserts)> Replaced(int n, int m) =>
    [
        .. Enumerable.Range(0, n).Select(i => (i, 0, false)),
        .. Enumerable.Range(0, m).Select(j => (n, j, true)),
    ];

    private static List<DiffLine> Shortened(List<DiffLine> lines)
    {
        var keep = new bool[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Sign != ' ')
            {
                for (var near = Math.Max(0, i - Around); near <= Math.Min(lines.Count - 1, i + Around); near++)
                {
                    keep[near] = true;
                }
            }
        }

        var shown = new List<DiffLine>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (keep[i])
            {
                if (i == 0 || !keep[i - 1])
                {
                    shown.Add(Header(lines, keep, i));
                }

                shown.Add(lines[i]);
            }
        }

        return shown;
    }

    private static DiffLine Header(List<DiffLine> lines, bool[] keep, int start)
    {
        var end = start;
        while (end < lines.Count && keep[end])
        {
            end++;
        }

        var hunk = lines[start..end];
        var (old, now) = (hunk.Count(line => line.Sign != '+'), hunk.Count(line => line.Sign != '-'));
        var (firstOld, firstNew) = (hunk.Select(line => line.OldLine).FirstOrDefault(line => line > 0), hunk.Select(line => line.NewLine).FirstOrDefault(line => line > 0));
        return new DiffLine('@', $"@@ -{firstOld},{old} +{firstNew},{now} @@", firstOld, firstNew);
    }
}

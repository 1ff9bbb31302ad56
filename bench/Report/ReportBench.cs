using System.Globalization;
using System.Text;
using AgentLab.Bench.Measure;

namespace AgentLab.Bench.Report;

/// <summary>Writes <c>docs/benchmarks.md</c> from the results that are there; what was not measured here stays as it was, with its own date and machine.</summary>
internal static class ReportBench
{
    private static readonly (string Bench, string Title)[] Parts =
    [
        ("append", "Appending to the log"),
        ("fanout", "Feeding viewers"),
        ("resume", "Going on with a run"),
        ("startup", "The published program"),
        ("render", "A page that follows a session"),
        ("workflow", "Running workflows"),
        ("validate", "Checking a workflow"),
        ("queue", "Tasks in the queue"),
        ("nodes", "Between two nodes"),
        ("canvas", "A large workflow on the canvas"),
    ];

    public static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var path = options.Rest.Count > 0 ? Path.GetFullPath(options.Rest[0]) : Path.Combine(Repository.Root, "docs", "benchmarks.md");
        var before = File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken) : string.Empty;
        var text = new StringBuilder(Head);
        foreach (var (bench, title) in Parts)
        {
            if (BenchResult.Read(bench) is { } result)
            {
                Part(text, title, result);
            }
            else
            {
                text.Append(Earlier(before, title));
            }
        }

        await File.WriteAllTextAsync(path, text.ToString(), cancellationToken);
        Console.WriteLine(path);
        return 0;
    }

    /// <summary>The part of an earlier report with its heading; empty when it has none.</summary>
    private static string Earlier(string report, string title)
    {
        var start = report.IndexOf($"\n## {title}\n", StringComparison.Ordinal);
        if (start < 0)
        {
            return string.Empty;
        }

        var end = report.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? report[start..] : report[start..end];
    }

    private static void Part(StringBuilder text, string title, BenchResult result)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"`bench {result.Bench}`, medians of {RoundsOf(result)} rounds, on {result.Cores} cores, {result.Machine}, {result.At:yyyy-MM-dd}.\n\n");
        text.Append(Table.Of(result)).Append('\n');
        foreach (var note in result.Notes)
        {
            text.Append("- ").Append(note).Append('\n');
        }
    }

    /// <summary>Parts that were measured again may have had another number of rounds.</summary>
    private static string RoundsOf(BenchResult result)
    {
        var (fewest, most) = (result.Figures.Min(f => f.Rounds.Count), result.Figures.Max(f => f.Rounds.Count));
        return fewest == most ? $"{most}" : $"{fewest} to {most}";
    }

    private const string Head =
        """
        # Benchmarks

        Written by `dotnet run -c Release --project bench -- report` from the results in `bench/results/`; do not edit it by hand.

        Speed depends on the machine, so every figure that can be compared stands beside a reference that was measured in the same run: the two take turns,
        round by round, and the ratio is the median of the rounds' own ratios. A ratio near 1 says that AgentLab adds little to what must be done anyway.
        Run them yourself:

        ```
        dotnet run -c Release --project bench -- append
        dotnet run -c Release --project bench -- fanout
        dotnet run -c Release --project bench -- resume
        dotnet run -c Release --project bench -- startup
        dotnet run -c Release --project bench -- render
        dotnet run -c Release --project bench -- workflow
        dotnet run -c Release --project bench -- validate
        dotnet run -c Release --project bench -- queue
        dotnet run -c Release --project bench -- nodes
        dotnet run -c Release --project bench -- canvas
        dotnet run -c Release --project bench -- report
        ```

        `--rounds N` and `--seconds N` set how long, `--only PART` measures only the parts whose name holds that text, `--directory DIR` chooses the disk,
        `--json FILE` the place of the result. `startup`, `render` and `canvas` need Chromium (`AGENTLAB_CHROMIUM`, default `/usr/bin/chromium`), `nodes` what
        `eng/cluster.sh` needs.

        """;
}

using System.Globalization;

namespace AgentLab.Bench;

/// <summary>What to measure and for how long.</summary>
internal sealed record BenchOptions(string Command)
{
    /// <summary>Seconds of each measured stretch of each round. Default: 3.</summary>
    public double Seconds { get; init; } = 3;

    /// <summary>Rounds; the tables show medians over them. Default: 5.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Where the JSON goes. Default: <c>bench/results/COMMAND.json</c>.</summary>
    public string? Json { get; init; }

    /// <summary>A folder on the disk to measure; a folder below it is made and removed. Default: the temporary folder.</summary>
    public string Directory { get; init; } = Path.GetTempPath();

    /// <summary>Only the parts whose name contains this text; null for all.</summary>
    public string? Only { get; init; }

    /// <summary>The values after the command that are no options: what a child process is told.</summary>
    public IReadOnlyList<string> Rest { get; init; } = [];

    public TimeSpan Stretch => TimeSpan.FromSeconds(Seconds);

    public bool Wants(string part) => Only is null || part.Contains(Only, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the command line; null, with the reason on <paramref name="error"/>, when it cannot be read.</summary>
    public static BenchOptions? Parse(string[] args, IEnumerable<string> commands, TextWriter error)
    {
        if (args.Length == 0 || !commands.Contains(args[0]))
        {
            error.WriteLine($"usage: bench {string.Join('|', commands.Where(c => !c.StartsWith('_')))} [--seconds N] [--rounds N] [--only PART] [--json FILE] [--directory DIR]");
            return null;
        }

        var options = new BenchOptions(args[0]);
        var rest = new List<string>();
        for (var i = 1; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : string.Empty;
            switch (args[i])
            {
                case "--seconds" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds > 0:
                    options = options with { Seconds = seconds };
                    break;
                case "--rounds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds > 0:
                    options = options with { Rounds = rounds };
                    break;
                case "--json" when value.Length > 0:
                    options = options with { Json = Path.GetFullPath(value) };
                    break;
                case "--directory" when value.Length > 0:
                    options = options with { Directory = Path.GetFullPath(value) };
                    break;
                case "--only" when value.Length > 0:
                    options = options with { Only = value };
                    break;
                case var other when !other.StartsWith("--", StringComparison.Ordinal):
                    rest.Add(other);
                    continue;
                default:
                    error.WriteLine($"'{args[i]} {value}' is not understood.");
                    return null;
            }

            i++;
        }

        return options with { Rest = rest };
    }
}

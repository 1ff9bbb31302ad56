using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentLab.Bench.Measure;

/// <summary>What one run of a benchmark found.</summary>
internal sealed record BenchResult(string Bench, int Rounds, double Seconds, IReadOnlyList<Figure> Figures)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public DateTimeOffset At { get; init; } = TimeProvider.System.GetUtcNow();

    public int Cores { get; init; } = Environment.ProcessorCount;

    public string Machine { get; init; } = $"{RuntimeInformation.OSArchitecture} {(OperatingSystem.IsLinux() ? "Linux" : RuntimeInformation.OSDescription)}, .NET {Environment.Version}";

    /// <summary>Sentences that belong to the figures.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The default place of a benchmark's JSON.</summary>
    public static string PathOf(string bench) => Path.Combine(Repository.Root, "bench", "results", bench + ".json");

    public static BenchResult? Read(string bench) =>
        File.Exists(PathOf(bench)) ? JsonSerializer.Deserialize<BenchResult>(File.ReadAllBytes(PathOf(bench)), Json) : null;

    /// <summary>Prints the table and writes the JSON. Returns 0.</summary>
    public int Publish(BenchOptions options)
    {
        Console.WriteLine(Table.Of(this));
        var path = options.Json ?? PathOf(Bench);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(options.Only is null ? this : Into(path), Json));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Rounds} rounds of {Seconds:0.##} s; {path}"));
        return 0;
    }

    /// <summary>A run of some parts takes the place of their figures alone.</summary>
    private BenchResult Into(string path)
    {
        if (!File.Exists(path) || JsonSerializer.Deserialize<BenchResult>(File.ReadAllBytes(path), Json) is not { } whole)
        {
            return this;
        }

        Figure New(Figure old) => Figures.FirstOrDefault(f => f.Name == old.Name && f.Against == old.Against) ?? old;
        var kept = whole.Figures.Select(New).ToList();
        return this with { Figures = [.. kept, .. Figures.Where(f => !kept.Contains(f))] };
    }
}

namespace AgentLab.Core.Agents.Runs;

/// <summary>Bounds of runs and messages: <c>AgentLab:Limits</c>.</summary>
public sealed class RunOptions
{
    /// <summary>Where the settings are.</summary>
    public const string Section = "AgentLab:Limits";

    /// <summary>The longest message of a person, in characters. Default: 5,000.</summary>
    public int MessageCharacters { get; set; } = 5000;

    /// <summary>The most files of one message. Default: 10.</summary>
    public int MessageAttachments { get; set; } = 10;

    /// <summary>Runs that go on at the same time in this process; more wait their turn. Default: 64.</summary>
    public int ConcurrentRuns { get; set; } = 64;

    /// <summary>Steps of a run whose agent sets no limit. Default: 50.</summary>
    public int RunSteps { get; set; } = 50;

    /// <summary>Seconds of a run whose agent sets no limit. Default: 900.</summary>
    public int RunSeconds { get; set; } = 900;

    /// <summary>What is wrong with the values, each in a sentence that names the setting.</summary>
    public IEnumerable<string> Faults()
    {
        foreach (var (name, value, most) in new[]
        {
            (nameof(MessageCharacters), MessageCharacters, 10_000),
            (nameof(MessageAttachments), MessageAttachments, 100),
            (nameof(ConcurrentRuns), ConcurrentRuns, 10_000),
            (nameof(RunSteps), RunSteps, 10_000),
            (nameof(RunSeconds), RunSeconds, 86_400),
        })
        {
            if (value < 1 || value > most)
            {
                yield return $"{Section}:{name} is {value}; it must be 1 to {most}.";
            }
        }
    }
}

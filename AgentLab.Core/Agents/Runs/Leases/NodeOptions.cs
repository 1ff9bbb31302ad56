using AgentLab.Core.Hosting;

namespace AgentLab.Core.Agents.Runs.Leases;

/// <summary>This process as one of several on a database: <c>AgentLab:Node</c>.</summary>
public sealed class NodeOptions : ILabOptions
{
    /// <summary>Where the settings are.</summary>
    public const string Section = "AgentLab:Node";

    private const int LongestName = 100;

    /// <summary>What the node is called in events and lists; need not be unique. Default: the machine's name.</summary>
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>How long a node that gives no sign of life keeps its runs before another takes them, 1 s to 5 min. Default: 10 s.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public IEnumerable<string> Check()
    {
        if (Name.Length is 0 or > LongestName || Name.Any(char.IsControl))
        {
            yield return $"{Section}:{nameof(Name)} is 1 to {LongestName} characters on one line.";
        }

        if (Lease < TimeSpan.FromSeconds(1) || Lease > TimeSpan.FromMinutes(5))
        {
            yield return $"{Section}:{nameof(Lease)} is {Lease}; allowed are 1 second to 5 minutes.";
        }
    }
}

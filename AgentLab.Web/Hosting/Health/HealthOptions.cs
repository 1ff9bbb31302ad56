using AgentLab.Core.Hosting;

namespace AgentLab.Web.Hosting.Health;

/// <summary>When a part counts as degraded or unhealthy: <c>AgentLab:Health</c>.</summary>
public sealed class HealthOptions : ILabOptions
{
    /// <summary>Where these settings live.</summary>
    public const string Section = "AgentLab:Health";

    /// <summary>Free space on the data directory's disk below which it is degraded, in MB; below a tenth of it, unhealthy. Default: 1024.</summary>
    public long DiskFreeMb { get; set; } = 1024;

    /// <summary>Share of the memory limit above which memory is degraded, in percent, 10 to 100. Default: 90.</summary>
    public int MemoryPercent { get; set; } = 90;

    /// <inheritdoc/>
    public IEnumerable<string> Check()
    {
        if (DiskFreeMb < 0)
        {
            yield return $"{Section}:DiskFreeMb is {DiskFreeMb}; allowed are 0 and more.";
        }

        if (MemoryPercent is < 10 or > 100)
        {
            yield return $"{Section}:MemoryPercent is {MemoryPercent}; allowed are 10 to 100.";
        }
    }
}

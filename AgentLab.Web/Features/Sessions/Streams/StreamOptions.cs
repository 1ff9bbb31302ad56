using AgentLab.Core.Hosting;

namespace AgentLab.Web.Features.Sessions.Streams;

/// <summary>How session events go out to viewers, over the hub and as server-sent events alike: <c>AgentLab:Streams</c>.</summary>
public sealed class StreamOptions : ILabOptions
{
    /// <summary>Where these settings live.</summary>
    public const string Section = "AgentLab:Streams";

    /// <summary>How often a stream tells the head, so that a client knows whether it is behind, 10 ms to 5 min. Default: 15 s.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one write may stay pending before the viewer is cut off, 1 s to 10 min; it comes back with its position. Default: 30 s.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many streams one person may have open at once, 1 to 100,000. Default: 50.</summary>
    public int PerUser { get; set; } = 50;

    /// <inheritdoc/>
    public IEnumerable<string> Check()
    {
        if (Heartbeat < TimeSpan.FromMilliseconds(10) || Heartbeat > TimeSpan.FromMinutes(5))
        {
            yield return $"{Section}:Heartbeat is {Heartbeat}; allowed are 00:00:00.010 to 00:05:00.";
        }

        if (WriteTimeout < TimeSpan.FromSeconds(1) || WriteTimeout > TimeSpan.FromMinutes(10))
        {
            yield return $"{Section}:WriteTimeout is {WriteTimeout}; allowed are 00:00:01 to 00:10:00.";
        }

        if (PerUser is < 1 or > 100_000)
        {
            yield return $"{Section}:PerUser is {PerUser}; allowed are 1 to 100000.";
        }
    }
}

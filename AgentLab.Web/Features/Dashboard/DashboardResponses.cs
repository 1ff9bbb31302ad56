using AgentLab.Core.Dashboard;
using AgentLab.Core.Hosting.Hints;

namespace AgentLab.Web.Features.Dashboard;

/// <summary>How the runs of a period went.</summary>
internal sealed record DashboardResponse
{
    /// <summary>The period: today, week or month.</summary>
    public required DashboardPeriod Period { get; init; }

    /// <summary>Where the period begins.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>When this was read.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Runs that go on now.</summary>
    public required int Running { get; init; }

    /// <summary>Runs that wait now.</summary>
    public required int Waiting { get; init; }

    /// <summary>The runs that ended in the period.</summary>
    public required RunFiguresResponse Ended { get; init; }

    /// <summary>The runs that ended today.</summary>
    public required RunFiguresResponse Today { get; init; }

    /// <summary>How long completed runs took.</summary>
    public required LatencyResponse Latency { get; init; }

    /// <summary>The period by hours or days, the oldest first.</summary>
    public required IReadOnlyList<BucketResponse> Buckets { get; init; }

    /// <summary>By agent and workflow, at most 20.</summary>
    public required IReadOnlyList<GroupResponse> Workers { get; init; }

    /// <summary>By project, at most 20.</summary>
    public required IReadOnlyList<GroupResponse> Projects { get; init; }

    /// <summary>The nodes, for administrators; null for others.</summary>
    public required ClusterResponse? Cluster { get; init; }

    public static DashboardResponse Of(DashboardPeriod period, DashboardState state)
    {
        var figures = state.Figures!;
        return new DashboardResponse
        {
            Period = period,
            From = figures.From,
            At = figures.At,
            Running = figures.Running,
            Waiting = figures.Waiting,
            Ended = RunFiguresResponse.Of(figures.Ended),
            Today = RunFiguresResponse.Of(figures.Today),
            Latency = LatencyResponse.Of(figures.Latency),
            Buckets = [.. figures.Buckets.Select(b => new BucketResponse(b.At, RunFiguresResponse.Of(b.Runs)))],
            Workers = [.. figures.Workers.Select(GroupResponse.Of)],
            Projects = [.. figures.Projects.Select(GroupResponse.Of)],
            Cluster = state.Cluster is { } cluster ? ClusterResponse.Of(cluster) : null,
        };
    }
}

/// <summary>Ended runs and what they used.</summary>
/// <param name="Completed">Runs that came to their end.</param>
/// <param name="Failed">Runs that ended with an error.</param>
/// <param name="Cancelled">Runs that were stopped.</param>
/// <param name="InputTokens">Tokens of prompts.</param>
/// <param name="OutputTokens">Tokens of answers.</param>
/// <param name="Cost">US dollars by the price table.</param>
internal sealed record RunFiguresResponse(long Completed, long Failed, long Cancelled, long InputTokens, long OutputTokens, decimal Cost)
{
    public static RunFiguresResponse Of(RunFigures f) => new(f.Completed, f.Failed, f.Cancelled, f.InputTokens, f.OutputTokens, f.Cost);
}

/// <summary>An hour or a day of the period.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Runs">The runs that ended in it.</param>
internal sealed record BucketResponse(DateTimeOffset At, RunFiguresResponse Runs);

/// <summary>The runs of one agent, workflow or project.</summary>
/// <param name="Kind">agent, workflow or project.</param>
/// <param name="Id">Its id; all zeros for a workflow that was never saved.</param>
/// <param name="Name">Its present name; null when it is gone for good.</param>
/// <param name="Running">Runs that go on now.</param>
/// <param name="Waiting">Runs that wait now.</param>
/// <param name="Ended">The runs that ended in the period.</param>
/// <param name="DurationP95Ms">The milliseconds within which 95 of 100 of its completed runs ended; null without any.</param>
internal sealed record GroupResponse(DashboardGroupKind Kind, Guid Id, string? Name, int Running, int Waiting, RunFiguresResponse Ended, long? DurationP95Ms)
{
    public static GroupResponse Of(DashboardGroup g) =>
        new(g.Kind, g.Id, g.Name, g.Running, g.Waiting, RunFiguresResponse.Of(g.Ended), (long?)g.DurationP95?.TotalMilliseconds);
}

/// <summary>How long completed runs took, pauses included.</summary>
/// <param name="Runs">How many completed runs the figures come from.</param>
/// <param name="Whole">Whether these are all of the period; else they are among its newest 10,000 runs.</param>
/// <param name="DurationMs">Milliseconds from start to end; null without a run.</param>
/// <param name="FirstWordMs">Milliseconds from start to a model's first word; null when no model was asked.</param>
internal sealed record LatencyResponse(int Runs, bool Whole, PercentilesResponse? DurationMs, PercentilesResponse? FirstWordMs)
{
    public static LatencyResponse Of(LatencyFigures l) => new(l.Runs, l.Whole, PercentilesResponse.Of(l.Duration), PercentilesResponse.Of(l.FirstWord));
}

/// <summary>Two points of a distribution.</summary>
/// <param name="P50">Half took no longer.</param>
/// <param name="P95">95 of 100 took no longer.</param>
internal sealed record PercentilesResponse(long P50, long P95)
{
    public static PercentilesResponse? Of(Percentiles? p) => p is null ? null : new((long)p.P50.TotalMilliseconds, (long)p.P95.TotalMilliseconds);
}

/// <summary>The nodes that serve the database.</summary>
/// <param name="Degraded">Whether something is not as it should be.</param>
/// <param name="Message">How it stands, in a sentence.</param>
/// <param name="Hints">How wake-up hints travel between nodes: none, connected or away.</param>
/// <param name="Nodes">Those that are entered, the oldest first.</param>
internal sealed record ClusterResponse(bool Degraded, string Message, HintState Hints, IReadOnlyList<NodeResponse> Nodes)
{
    public static ClusterResponse Of(ClusterState c) =>
        new(c.Degraded, c.Says, c.Hints, [.. c.Nodes.Select(n => new NodeResponse(n.Id, n.Name, n.StartedAt, n.Id == c.Own))]);
}

/// <summary>A node.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="StartedAt">When it was entered.</param>
/// <param name="Own">Whether it is the one that answers.</param>
internal sealed record NodeResponse(string Id, string Name, DateTimeOffset StartedAt, bool Own);

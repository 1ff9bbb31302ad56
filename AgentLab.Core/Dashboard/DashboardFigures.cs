namespace AgentLab.Core.Dashboard;

/// <summary>How the runs of a period went. A run belongs to the moment at which it ended, with all that it used.</summary>
public sealed record DashboardFigures
{
    /// <summary>When this was read.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Where the period begins.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Runs that go on now.</summary>
    public required int Running { get; init; }

    /// <summary>Runs that wait now: for a person, a time or a request.</summary>
    public required int Waiting { get; init; }

    /// <summary>The runs that ended in the period.</summary>
    public required RunFigures Ended { get; init; }

    /// <summary>The runs that ended today.</summary>
    public required RunFigures Today { get; init; }

    /// <summary>How long runs took.</summary>
    public required LatencyFigures Latency { get; init; }

    /// <summary>The period in hours or days, the oldest first, those without runs included.</summary>
    public required IReadOnlyList<DashboardBucket> Buckets { get; init; }

    /// <summary>By agent and workflow, those with most runs first; at most <see cref="MaxGroups"/>.</summary>
    public required IReadOnlyList<DashboardGroup> Workers { get; init; }

    /// <summary>By project, those with most runs first; at most <see cref="MaxGroups"/>.</summary>
    public required IReadOnlyList<DashboardGroup> Projects { get; init; }

    /// <summary>The most agents, workflows and projects that are told apart.</summary>
    public const int MaxGroups = 20;
}

/// <summary>Ended runs and what they used.</summary>
/// <param name="Completed">Runs that came to their end.</param>
/// <param name="Failed">Runs that ended with an error.</param>
/// <param name="Cancelled">Runs that were stopped.</param>
/// <param name="InputTokens">Tokens of prompts.</param>
/// <param name="OutputTokens">Tokens of answers.</param>
/// <param name="Cost">US dollars by the price table.</param>
public sealed record RunFigures(long Completed, long Failed, long Cancelled, long InputTokens, long OutputTokens, decimal Cost)
{
    /// <summary>No run at all.</summary>
    public static RunFigures None { get; } = new(0, 0, 0, 0, 0, 0);

    /// <summary>How many runs ended.</summary>
    public long Ended => Completed + Failed + Cancelled;

    /// <summary>Tokens of prompts and answers.</summary>
    public long Tokens => InputTokens + OutputTokens;

    /// <summary>Both together.</summary>
    public static RunFigures operator +(RunFigures a, RunFigures b) => new(
        a.Completed + b.Completed, a.Failed + b.Failed, a.Cancelled + b.Cancelled, a.InputTokens + b.InputTokens, a.OutputTokens + b.OutputTokens, a.Cost + b.Cost);
}

/// <summary>An hour or a day of the period.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Runs">The runs that ended in it.</param>
public sealed record DashboardBucket(DateTimeOffset At, RunFigures Runs);

/// <summary>The runs of one agent, workflow or project.</summary>
/// <param name="Kind">Which of them it is.</param>
/// <param name="Id">Its id; empty for a workflow that was never saved.</param>
/// <param name="Name">Its present name; null when it is gone for good.</param>
/// <param name="Running">Runs that go on now.</param>
/// <param name="Waiting">Runs that wait now.</param>
/// <param name="Ended">The runs that ended in the period.</param>
/// <param name="DurationP95">The time within which 95 of 100 of its completed runs ended; null without any in the sample.</param>
public sealed record DashboardGroup(DashboardGroupKind Kind, Guid Id, string? Name, int Running, int Waiting, RunFigures Ended, TimeSpan? DurationP95);

/// <summary>What runs are grouped by.</summary>
public enum DashboardGroupKind
{
    /// <summary>An agent.</summary>
    Agent,

    /// <summary>A workflow.</summary>
    Workflow,

    /// <summary>A project.</summary>
    Project,
}

/// <summary>How long completed runs took, pauses included.</summary>
/// <param name="Runs">How many completed runs the figures come from.</param>
/// <param name="Whole">Whether these are all of the period; otherwise they are its newest.</param>
/// <param name="Duration">From start to end; null without a run.</param>
/// <param name="FirstWord">From start to a model's first word; null when no model was asked.</param>
public sealed record LatencyFigures(int Runs, bool Whole, Percentiles? Duration, Percentiles? FirstWord)
{
    /// <summary>How many ended runs are looked at.</summary>
    public const int MaxSample = 10_000;
}

/// <summary>Two points of a distribution, each a value that was measured (nearest rank).</summary>
/// <param name="P50">Half took no longer.</param>
/// <param name="P95">95 of 100 took no longer.</param>
public sealed record Percentiles(TimeSpan P50, TimeSpan P95)
{
    /// <summary>Of these microseconds, which are sorted in place; null without any.</summary>
    public static Percentiles? Of(List<long> microseconds)
    {
        ArgumentNullException.ThrowIfNull(microseconds);
        microseconds.Sort();
        return microseconds.Count == 0 ? null : new Percentiles(At(microseconds, 50), At(microseconds, 95));
    }

    private static TimeSpan At(List<long> sorted, int percent) => TimeSpan.FromMicroseconds(sorted[((sorted.Count * percent) + 99) / 100 - 1]);
}

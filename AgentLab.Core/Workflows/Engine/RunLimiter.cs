using System.Globalization;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Engine.State;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>The bounds of a run.</summary>
internal sealed record Bounds(int Seconds, int Steps, int Parallel, long? Tokens, decimal? Cost)
{
    /// <summary>The workflow's bounds, with the defaults of <see cref="WorkflowLimits"/>.</summary>
    public static Bounds Of(WorkflowLimits limits) => new(limits.Seconds ?? 900, limits.Steps ?? 100_000, Math.Clamp(limits.Parallel ?? 8, 1, 64), limits.Tokens, limits.Cost);

    /// <summary>As <c>run.started</c> records them.</summary>
    public RunLimits ToLimits() => new(Tokens, Cost, Steps, Seconds);
}

/// <summary>Ends a run that reaches one of its bounds.</summary>
internal sealed class RunLimiter(WorkflowState state, Transition transition, UsageMeter meter, RunClock clock, Bounds bounds)
{
    /// <summary>How long the run may still go on.</summary>
    public TimeSpan Deadline => TimeSpan.FromSeconds(bounds.Seconds) - clock.Active;

    /// <summary>Looks at time, tokens and cost.</summary>
    public void Check()
    {
        var used = meter.Total;
        if (bounds.Tokens is { } tokens && used.InputTokens + used.OutputTokens >= tokens)
        {
            Exceed("tokens", tokens, used.InputTokens + used.OutputTokens);
        }
        else if (bounds.Cost is { } cost && used.Cost >= cost)
        {
            Exceed("cost", cost, used.Cost);
        }
        else if (Deadline <= TimeSpan.Zero)
        {
            Exceed("seconds", bounds.Seconds, Math.Round((decimal)clock.Active.TotalSeconds, 1));
        }
    }

    /// <summary>Whether no further step may start; then the run ends.</summary>
    public bool StepsReached()
    {
        if (state.Steps < bounds.Steps)
        {
            return false;
        }

        Exceed("steps", bounds.Steps, state.Steps);
        return true;
    }

    /// <summary>Why a run ended that reached a bound; the same from its event.</summary>
    public static NodeError Error(BudgetExceeded e) => new(
        $"limit_{e.Limit}", string.Create(CultureInfo.InvariantCulture, $"The run reached its limit of {e.Allowed:0.####} {e.Limit}. Raise the workflow's limit or do less in one run."));

    private void Exceed(string limit, decimal allowed, decimal used)
    {
        if (state.Failure is not null || state.Finished)
        {
            return;
        }

        var exceeded = new BudgetExceeded(limit, allowed, used);
        transition.Add(exceeded);
        state.Halt(Error(exceeded));
    }
}

/// <summary>The time that a run has been going on, waits and times without a process left out.</summary>
internal sealed class RunClock(TimeProvider time, Mailbox mailbox, TimeSpan before) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(20);

    private readonly long _began = time.GetTimestamp();
    private ITimer? _timer;

    /// <summary>The present time.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>How long it has been going on.</summary>
    public TimeSpan Active => before + time.GetElapsedTime(_began);

    /// <summary>Milliseconds since its start, pauses included.</summary>
    public long TotalMs(DateTimeOffset startedAt) => Math.Max(0, (long)(time.GetUtcNow() - startedAt).TotalMilliseconds);

    /// <summary>Lets the loop look again at a time, or when the run's time is over.</summary>
    public void Arm(DateTimeOffset? at, TimeSpan deadline)
    {
        var due = at is { } next && next - Now < deadline ? next - Now : deadline;
        due = due < TimeSpan.Zero ? TimeSpan.Zero : due > Longest ? Longest : due;
        _timer ??= time.CreateTimer(static state => ((Mailbox)state!).Post(Letter.Look.Again), mailbox, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc />
    public void Dispose() => _timer?.Dispose();
}

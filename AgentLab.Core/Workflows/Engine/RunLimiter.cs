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

/// <summary>Warns once when four fifths of a bound are used, and ends a run that reaches one.</summary>
/// <param name="state">The run's state.</param>
/// <param name="transition">What is recorded next.</param>
/// <param name="meter">What was used so far.</param>
/// <param name="clock">How long the run has been going on.</param>
/// <param name="bounds">The bounds.</param>
/// <param name="warned">The bounds that the log has a warning of.</param>
internal sealed class RunLimiter(
    WorkflowState state, Transition transition, UsageMeter meter, RunClock clock, Bounds bounds, IEnumerable<string> warned)
{
    private const decimal WarnAt = 0.8m;
    private const string Tokens = "tokens";
    private const string Cost = "cost";
    private const string Steps = "steps";

    private readonly HashSet<string> _warned = [.. warned];

    /// <summary>How long the run may still go on.</summary>
    public TimeSpan Deadline => TimeSpan.FromSeconds(bounds.Seconds) - clock.Active;

    /// <summary>Looks at time, tokens and cost.</summary>
    public void Check()
    {
        var used = meter.Total;
        if (bounds.Tokens is { } tokens && Reached(Tokens, tokens, used.InputTokens + used.OutputTokens))
        {
            Exceed(Tokens, tokens, used.InputTokens + used.OutputTokens);
        }
        else if (bounds.Cost is { } cost && Reached(Cost, cost, used.Cost))
        {
            Exceed(Cost, cost, used.Cost);
        }
        else if (Deadline <= TimeSpan.Zero)
        {
            Exceed("seconds", bounds.Seconds, Math.Round((decimal)clock.Active.TotalSeconds, 1));
        }
    }

    /// <summary>Whether no further step may start; then the run ends.</summary>
    public bool StepsReached()
    {
        if (!Reached(Steps, bounds.Steps, state.Steps))
        {
            return false;
        }

        Exceed(Steps, bounds.Steps, state.Steps);
        return true;
    }

    /// <summary>Why a run ended that reached a bound; the same from its event.</summary>
    public static NodeError Error(BudgetExceeded e) => new(
        $"limit_{e.Limit}", string.Create(CultureInfo.InvariantCulture, $"The run reached its limit of {e.Allowed:0.####} {e.Limit}. Raise the workflow's limit or do less in one run."));

    /// <summary>Whether so much is used; says once that it will be soon.</summary>
    private bool Reached(string limit, decimal allowed, decimal used)
    {
        if (used < allowed * WarnAt || used >= allowed)
        {
            return used >= allowed;
        }

        if (state is { Failure: null, Finished: false, Root.Stopped: null } && _warned.Add(limit))
        {
            transition.Add(new BudgetWarned(limit, allowed, used));
        }

        return false;
    }

    private void Exceed(string limit, decimal allowed, decimal used)
    {
        if (state.Failure is not null || state.Finished || state.Root.Stopped is not null)
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

using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Web.Shared;

namespace AgentLab.Web.Features.Lab.View;

/// <summary>What the timeline can be narrowed to.</summary>
public enum TimelineFilter
{
    All,
    Messages,
    Models,
    Tools,
    Artifacts,
    Notes,
    Problems,
}

/// <summary>A row of the timeline: a step with its events folded in, or an event that belongs to no step.</summary>
public sealed class TimelineEntry
{
    public required SessionEvent First { get; init; }

    /// <summary>Its events in order; one for an event without a step.</summary>
    public List<SessionEvent> Events { get; } = [];

    public required bool IsStep { get; init; }

    public required string Icon { get; set; }

    public required string Title { get; set; }

    public required Status? Status { get; set; }

    public TimelineFilter Kind { get; set; }

    public bool IsProblem { get; set; }

    public long? DurationMs { get; set; }

    /// <summary>From the start of its run to its own; null outside a run whose start is loaded.</summary>
    public long? OffsetMs { get; set; }

    public RunSpan? Run { get; set; }

    public bool Open { get; set; }

    public bool Fits(TimelineFilter filter) => filter switch
    {
        TimelineFilter.All => true,
        TimelineFilter.Problems => IsProblem,
        _ => Kind == filter,
    };
}

/// <summary>From when to when a run goes, for the bars of its steps.</summary>
public sealed class RunSpan(DateTimeOffset start)
{
    public DateTimeOffset Start { get; } = start;

    public DateTimeOffset End { get; set; } = start;

    public double TotalMs => Math.Max(1, (End - Start).TotalMilliseconds);
}

/// <summary>A line on the screen: an entry, or one event inside an open step.</summary>
public sealed record TimelineRow(TimelineEntry Entry, SessionEvent? Inner)
{
    public SessionEvent Event => Inner ?? Entry.First;
}

/// <summary>The timeline as a fold over a session's events but the deltas. Bounded: beyond <see cref="MaxEvents"/> the oldest make room.</summary>
public sealed class TimelineView
{
    /// <summary>How many events it holds at most.</summary>
    public const int MaxEvents = 4_000;

    private readonly List<TimelineEntry> _entries = [];
    private readonly Dictionary<RunId, RunSpan> _runs = [];
    private long _applied;
    private int _count;

    public IReadOnlyList<TimelineEntry> Entries => _entries;

    /// <summary>The first sequence that is loaded; 0 when none is.</summary>
    public long FirstSequence => _entries.Count == 0 ? 0 : _entries[0].First.Sequence;

    /// <summary>The calls to models that are complete, oldest first.</summary>
    public IEnumerable<(SessionEvent Event, ModelCompleted Call)> ModelCalls =>
        _entries.SelectMany(entry => entry.Events).Where(e => e.Data is ModelCompleted).Select(e => (e, (ModelCompleted)e.Data!));

    /// <summary>The rows to draw.</summary>
    public List<TimelineRow> Rows(TimelineFilter filter)
    {
        var rows = new List<TimelineRow>();
        foreach (var entry in _entries.Where(entry => entry.Fits(filter)))
        {
            rows.Add(new TimelineRow(entry, null));
            if (entry.Open)
            {
                rows.AddRange(entry.Events.Select(e => new TimelineRow(entry, e)));
            }
        }

        return rows;
    }

    /// <summary>Takes the next events; those that were applied are ignored.</summary>
    public void Apply(IEnumerable<SessionEvent> events)
    {
        foreach (var e in events.Where(e => e.Sequence > _applied))
        {
            _applied = e.Sequence;
            if (e.Type != "model.delta")
            {
                Apply(e);
            }
        }

        while (_count > MaxEvents && _entries.Count > 1)
        {
            _count -= _entries[0].Events.Count;
            _entries.RemoveAt(0);
        }
    }

    /// <summary>Puts older events before what is loaded.</summary>
    public void Prepend(IReadOnlyList<SessionEvent> older)
    {
        var before = new TimelineView();
        before.Apply(older.Concat(_entries.SelectMany(entry => entry.Events)).OrderBy(e => e.Sequence));
        var open = _entries.Where(entry => entry.Open).Select(entry => entry.First.StepId).ToHashSet();
        _entries.Clear();
        _entries.AddRange(before._entries);
        foreach (var entry in _entries.Where(entry => entry.IsStep && open.Contains(entry.First.StepId)))
        {
            entry.Open = true;
        }

        _runs.Clear();
        foreach (var (id, span) in before._runs)
        {
            _runs[id] = span;
        }

        _count = before._count;
    }

    private void Apply(SessionEvent e)
    {
        _count++;
        var span = SpanOf(e);
        if (e.StepId is null)
        {
            _entries.Add(Single(e, span));
            return;
        }

        var step = _entries.FindLast(entry => entry.IsStep && entry.First.StepId == e.StepId && entry.First.RunId == e.RunId);
        if (step is null)
        {
            step = Step(e, span);
            _entries.Add(step);
        }

        step.Events.Add(e);
        Describe(step, e);
    }

    private RunSpan? SpanOf(SessionEvent e)
    {
        if (e.RunId is not { } run)
        {
            return null;
        }

        if (e.Data is RunStarted)
        {
            _runs[run] = new RunSpan(e.At);
        }

        var span = _runs.GetValueOrDefault(run);
        if (span is not null && e.At > span.End)
        {
            span.End = e.At;
        }

        return span;
    }

    private static TimelineEntry Single(SessionEvent e, RunSpan? span)
    {
        var (icon, title, status, kind) = EventWords.Of(e);
        var entry = new TimelineEntry
        {
            First = e,
            IsStep = false,
            Icon = icon,
            Title = title,
            Status = status,
            Kind = kind,
            IsProblem = status == Shared.Status.Failed || e.Data is BudgetWarned or RunOutcomeUnknown,
            Run = span,
            DurationMs = e.Data switch { RunCompleted r => r.DurationMs, RunFailed r => r.DurationMs, RunCancelled r => r.DurationMs, _ => null },
        };
        entry.Events.Add(e);
        return entry;
    }

    private static TimelineEntry Step(SessionEvent e, RunSpan? span) => new()
    {
        First = e,
        IsStep = true,
        Icon = "running",
        Title = e.StepId!,
        Status = Shared.Status.Running,
        Run = span,
        OffsetMs = span is null ? null : (long)(e.At - span.Start).TotalMilliseconds,
    };

    private static void Describe(TimelineEntry step, SessionEvent e)
    {
        switch (e.Data)
        {
            case NodeStarted or NodeCompleted or NodeFailed or NodeWaiting or NodeResumed or ApprovalRequested or ApprovalDecided:
                DescribeNode(step, e.Data);
                break;
            case StepStarted started:
                (step.Icon, step.Kind) = started.Kind == "tool" ? ("tool", TimelineFilter.Tools) : ("model", TimelineFilter.Models);
                step.Title = started.Name;
                break;
            case ModelCompleted completed:
                step.Title = completed.Model;
                break;
            case StepRestarted:
                step.Status = Shared.Status.Running;
                step.IsProblem = true;
                break;
            case StepFailed { Code: EventWords.Stopped } or ToolFailed { Code: EventWords.Stopped }:
                step.Status = Shared.Status.Cancelled;
                break;
            case ToolFailed:
                step.Status = Shared.Status.Failed;
                step.IsProblem = true;
                break;
            case StepFailed failed:
                (step.Status, step.DurationMs, step.IsProblem) = (Shared.Status.Failed, failed.DurationMs, true);
                break;
            case StepCompleted completed:
                step.DurationMs = completed.DurationMs;
                step.Status = step.Status == Shared.Status.Failed ? step.Status : Shared.Status.Done;
                break;
        }
    }

    private static void DescribeNode(TimelineEntry step, EventData data)
    {
        switch (data)
        {
            case NodeStarted started:
                (step.Icon, step.Title, step.Status) = ("workflow", started.Node, Shared.Status.Running);
                step.IsProblem |= started.Reason is not null;
                break;
            case NodeWaiting waiting:
                step.Status = waiting.ApprovalId is null ? Shared.Status.Waiting : Shared.Status.NeedsPerson;
                break;
            case ApprovalRequested:
                step.Status = Shared.Status.NeedsPerson;
                break;
            case NodeResumed or ApprovalDecided:
                step.Status = Shared.Status.Running;
                break;
            case NodeCompleted completed:
                (step.Icon, step.Title, step.Status, step.DurationMs) = ("workflow", completed.Node, Shared.Status.Done, (long)completed.DurationMs);
                break;
            case NodeFailed { Code: EventWords.Stopped }:
                step.Status = Shared.Status.Cancelled;
                break;
            case NodeFailed failed:
                (step.Status, step.DurationMs, step.IsProblem) = (failed.RetryMs is null ? Shared.Status.Failed : Shared.Status.Waiting, (long)failed.DurationMs, true);
                break;
        }
    }
}

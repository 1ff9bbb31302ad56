using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Web.Shared;
using JsonContent = AgentLab.Core.Sessions.Events.JsonContent;

namespace AgentLab.Web.Features.Workflows.Runs;

/// <summary>What one node did in a run: once, or once an iteration of the loops round it.</summary>
/// <param name="id">The node.</param>
public sealed class NodeView(string id)
{
    private readonly List<NodeExecution> _executions = [];

    public string Id { get; } = id;

    /// <summary>Its executions in the order in which they began.</summary>
    public IReadOnlyList<NodeExecution> Executions => _executions;

    /// <summary>The one that began last.</summary>
    public NodeExecution Latest => _executions[^1];

    /// <summary>Its state as one: what needs a person or runs comes before what has ended, failures before successes.</summary>
    public Status Status =>
        Any(Status.NeedsPerson) ? Status.NeedsPerson
        : Any(Status.Running) ? Status.Running
        : Any(Status.Failed) ? Status.Failed
        : Any(Status.Waiting) ? Status.Waiting
        : Any(Status.Cancelled) ? Status.Cancelled
        : Status.Done;

    /// <summary>How often it has ended.</summary>
    public int Count => _executions.Count(execution => execution.EndedAt is not null);

    /// <summary>Milliseconds of all its executions that have ended; null before the first has.</summary>
    public decimal? DurationMs => Count == 0 ? null : _executions.Sum(execution => execution.DurationMs ?? 0);

    internal void Add(NodeExecution execution) => _executions.Add(execution);

    private bool Any(Status status) => _executions.Exists(execution => execution.Status == status);
}

/// <summary>One execution of a node, with its attempts.</summary>
/// <param name="stepId">Its step.</param>
/// <param name="node">Its node.</param>
public sealed class NodeExecution(string stepId, string node)
{
    public string StepId { get; } = stepId;

    public string Node { get; } = node;

    public Status Status { get; internal set; } = Status.Waiting;

    /// <summary>The attempt that it is at or that ended it.</summary>
    public int Attempt { get; private set; } = 1;

    public DateTimeOffset? StartedAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Milliseconds of the last attempt.</summary>
    public decimal? DurationMs { get; private set; }

    /// <summary>What it gave.</summary>
    public JsonContent? Output { get; private set; }

    /// <summary>The port through which the run went on.</summary>
    public string? Port { get; private set; }

    /// <summary>One line on what happened.</summary>
    public string? Summary { get; private set; }

    /// <summary>Where the value comes from when the node did not run: <c>pinned</c>, <c>earlier_run</c>, <c>disabled</c>, <c>dry_run</c>.</summary>
    public string? Source { get; private set; }

    /// <summary>Why the newest attempt failed.</summary>
    public NodeFailed? Failure { get; private set; }

    /// <summary>What it waits for.</summary>
    public NodeWaiting? Wait { get; private set; }

    internal void Start(SessionEvent e, NodeStarted _)
    {
        (Status, Attempt, Wait) = (Status.Running, Math.Max(1, e.Attempt), null);
        StartedAt ??= e.At;
    }

    internal void WaitFor(SessionEvent e, NodeWaiting waiting)
    {
        Wait = waiting;
        Status = waiting.ApprovalId is null ? Status.Waiting : Status.NeedsPerson;
        StartedAt ??= e.At;
    }

    internal void Complete(SessionEvent e, NodeCompleted completed)
    {
        (Status, Port, Output, DurationMs, Summary, Source) = (Status.Done, completed.Port, completed.Output, completed.DurationMs, completed.Summary, completed.Source);
        (EndedAt, Wait, Failure) = (e.At, null, null);
        StartedAt ??= e.At;
    }

    internal void Fail(SessionEvent e, NodeFailed failed)
    {
        (Failure, DurationMs, Attempt, Wait) = (failed, failed.DurationMs, Math.Max(1, e.Attempt), null);
        StartedAt ??= e.At;
        if (failed.RetryMs is not null)
        {
            Status = Status.Waiting;
            return;
        }

        (Status, EndedAt, Port) = (Status.Failed, e.At, failed.GoesOn);
    }

    internal void Cut(DateTimeOffset at) => (Status, EndedAt, Wait) = (Status.Cancelled, at, null);
}

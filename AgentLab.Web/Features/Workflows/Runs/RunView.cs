using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Web.Shared;
using JsonContent = AgentLab.Core.Sessions.Events.JsonContent;

namespace AgentLab.Web.Features.Workflows.Runs;

/// <summary>
/// A run of a workflow as its events tell it: what each node did, what waits for a person, how it ended. Events are applied in their order; a prefix of them
/// shows the run as it was then.
/// </summary>
public sealed class RunView
{
    private readonly Dictionary<string, NodeView> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NodeExecution> _executions = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, ApprovalView> _approvals = [];

    /// <summary>The types of events that it looks at.</summary>
    public static IReadOnlyList<string> Types { get; } =
    [
        "run.started", "run.paused", "run.resumed", "run.outcome_unknown", "run.completed", "run.failed", "run.cancelled", "run.stop.requested",
        "node.started", "node.waiting", "node.resumed", "node.completed", "node.failed", "approval.requested", "approval.decided",
    ];

    /// <summary>The nodes that have begun, in the order in which they did.</summary>
    public IReadOnlyCollection<NodeView> Nodes => _nodes.Values;

    /// <summary>What was asked of people, in order.</summary>
    public IEnumerable<ApprovalView> Approvals => _approvals.Values;

    /// <summary>What nobody has answered yet.</summary>
    public IEnumerable<ApprovalView> Open => _approvals.Values.Where(approval => approval.Decided is null);

    /// <summary>How the run stands.</summary>
    public Status Status { get; private set; } = Status.Waiting;

    /// <summary>What was started: the workflow, the input, which part of it.</summary>
    public RunStarted? Started { get; private set; }

    /// <summary>What it answered.</summary>
    public JsonContent? Output { get; private set; }

    /// <summary>When it started.</summary>
    public DateTimeOffset? StartedAt { get; private set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Milliseconds from start to end, as the log says.</summary>
    public long? DurationMs { get; private set; }

    /// <summary>Why it failed.</summary>
    public RunFailed? Failure { get; private set; }

    /// <summary>A stop was asked for.</summary>
    public bool Stopping { get; private set; }

    /// <summary>What a person must say before it goes on, other than approvals.</summary>
    public string? Question { get; private set; }

    /// <summary>The sequence of the last event that was applied.</summary>
    public long Sequence { get; private set; }

    /// <summary>Whether it has ended.</summary>
    public bool Ended => EndedAt is not null;

    /// <summary>What a node did; null when it has not begun.</summary>
    public NodeView? Node(string id) => _nodes.GetValueOrDefault(id);

    /// <summary>The value that the node gave last, where it is small enough to stand in the event.</summary>
    public JsonElement? OutputOf(string id) => Node(id)?.Latest.Output?.Value;

    /// <summary>Takes the next event in; answers with the id of the node that changed, or null.</summary>
    public string? Apply(SessionEvent e)
    {
        Sequence = e.Sequence;
        switch (e.Data)
        {
            case RunStarted started:
                (Status, StartedAt, Started) = (Status.Running, e.At, started);
                return null;
            case RunStopRequested:
                Stopping = true;
                return null;
            case RunPaused { Reason: "waiting" }:
                Status = Open.Any() ? Status.NeedsPerson : Status.Waiting;
                return null;
            case RunPaused paused:
                (Status, Question) = (Status.NeedsPerson, paused.Message);
                return null;
            case RunOutcomeUnknown unknown:
                Question = unknown.Question;
                return null;
            case RunResumed:
                (Status, Question) = (Open.Any() ? Status.NeedsPerson : Status.Running, null);
                return null;
            case RunCompleted completed:
                Output = completed.Output;
                return End(Status.Done, e.At, completed.DurationMs);
            case RunFailed failed:
                Failure = failed;
                return End(Status.Failed, e.At, failed.DurationMs);
            case RunCancelled cancelled:
                return End(Status.Cancelled, e.At, cancelled.DurationMs);
            case ApprovalRequested asked:
                _approvals[asked.ApprovalId] = new ApprovalView(asked, e.StepId is null ? null : OuterNode(e.StepId), e.At);
                Status = Status.NeedsPerson;
                return null;
            case ApprovalDecided decided:
                return Decide(decided);
            default:
                return ApplyToNode(e);
        }
    }

    /// <summary>The outermost node of a step: <c>fetch[2.0]/model</c> belongs to <c>fetch</c>.</summary>
    public static string OuterNode(string stepId)
    {
        var end = stepId.AsSpan().IndexOfAny('[', '/');
        return end < 0 ? stepId : stepId[..end];
    }

    /// <summary>The edges that a node's values went through, with how many did.</summary>
    public IEnumerable<(string Edge, int Count, bool Active)> Edges(IEnumerable<WorkflowEdge> edges)
    {
        foreach (var edge in edges)
        {
            var count = Node(edge.From)?.Executions.Count(execution => execution.EndedAt is not null && execution.Port == edge.FromPort) ?? 0;
            if (count > 0)
            {
                yield return (edge.Id, count, Node(edge.To)?.Status == Status.Running);
            }
        }
    }

    private string? End(Status status, DateTimeOffset at, long durationMs)
    {
        (Status, EndedAt, DurationMs, Question) = (status, at, durationMs, null);
        foreach (var execution in _executions.Values.Where(execution => execution.EndedAt is null))
        {
            execution.Cut(at);
        }

        return null;
    }

    private string? Decide(ApprovalDecided decided)
    {
        if (_approvals.TryGetValue(decided.ApprovalId, out var approval))
        {
            approval.Decided = decided;
            if (!Ended && !Open.Any() && Question is null)
            {
                Status = Status.Running;
            }
        }

        return approval?.Node;
    }

    private string? ApplyToNode(SessionEvent e)
    {
        // What a sub-workflow does inside is its own story; here its node runs or has ended.
        if (e.StepId is not { } step || step.Contains('/', StringComparison.Ordinal))
        {
            return null;
        }

        switch (e.Data)
        {
            case NodeStarted started:
                Begin(step, started.Node).Start(e, started);
                return started.Node;
            case NodeWaiting waiting:
                Begin(step, waiting.Node).WaitFor(e, waiting);
                return waiting.Node;
            case NodeResumed when _executions.TryGetValue(step, out var resumed):
                resumed.Status = Status.Running;
                return resumed.Node;
            case NodeCompleted completed:
                Begin(step, completed.Node).Complete(e, completed);
                return completed.Node;
            case NodeFailed failed:
                Begin(step, failed.Node).Fail(e, failed);
                return failed.Node;
            default:
                return null;
        }
    }

    private NodeExecution Begin(string step, string node)
    {
        if (!_executions.TryGetValue(step, out var execution))
        {
            _executions[step] = execution = new NodeExecution(step, node);
            if (!_nodes.TryGetValue(node, out var view))
            {
                _nodes[node] = view = new NodeView(node);
            }

            view.Add(execution);
        }

        return execution;
    }
}

/// <summary>A question to a person.</summary>
/// <param name="asked">What is asked.</param>
/// <param name="node">The node that asks.</param>
/// <param name="at">When.</param>
public sealed class ApprovalView(ApprovalRequested asked, string? node, DateTimeOffset at)
{
    public ApprovalRequested Asked { get; } = asked;

    public string? Node { get; } = node;

    public DateTimeOffset At { get; } = at;

    /// <summary>The answer; null while there is none.</summary>
    public ApprovalDecided? Decided { get; set; }
}

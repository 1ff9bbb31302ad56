using AgentLab.Core.Workflows.Engine;

namespace AgentLab.Core.Sessions.Events;

/// <summary><c>run.started</c>: an execution began, an agent's or a workflow's.</summary>
/// <param name="Trigger">What started it: <c>message</c>, <c>retry</c>, <c>edit</c> or <c>task</c> for an agent; <c>manual</c>, <c>api</c>, <c>webhook</c>, <c>task</c> … for a workflow.</param>
/// <param name="AgentId">The agent that runs; null for a workflow.</param>
/// <param name="AgentVersion">Its version.</param>
/// <param name="Limits">The bounds of this run.</param>
/// <param name="Workflow">The workflow that runs; null for an agent.</param>
/// <param name="Plan">What of the workflow runs, and on what; null for an agent.</param>
/// <param name="Task">The task that it is an attempt at; null without one.</param>
public sealed record RunStarted(
    string Trigger, Guid? AgentId, int? AgentVersion, RunLimits Limits, WorkflowReference? Workflow = null, WorkflowPlan? Plan = null, TaskReference? Task = null) : EventData;

/// <summary>Which attempt at which task a run is.</summary>
/// <param name="Id">The task.</param>
/// <param name="Attempt">The number of the attempt, from 1.</param>
public sealed record TaskReference(Guid Id, int Attempt);

/// <summary>What of a workflow a run executes, and on what.</summary>
/// <param name="Input">The run's input.</param>
/// <param name="At">When it was started, as its templates see it.</param>
/// <param name="TriggerNode">The trigger that it starts at.</param>
/// <param name="Definition">SHA-256 (hex) of the definition's JSON, a blob of the session, when it is not a published version.</param>
/// <param name="FromNode">Only this node and what follows it runs; what stands before it takes earlier or pinned values.</param>
/// <param name="OnlyNode">Only this node runs.</param>
/// <param name="ValuesFrom">The earlier run whose values stand in for nodes that do not run.</param>
/// <param name="DryRun">Pinned values stand in for their nodes, and effects outside are described, not done.</param>
public sealed record WorkflowPlan(
    JsonContent Input, DateTimeOffset At, string? TriggerNode = null, string? Definition = null, string? FromNode = null, string? OnlyNode = null, Guid? ValuesFrom = null,
    bool DryRun = false);

using AgentLab.Core.Workflows.Engine;

namespace AgentLab.Core.Sessions.Events;

/// <summary><c>session.created</c>: the first event of a session, which belongs to an agent or to a workflow.</summary>
/// <param name="Title">What the session is called.</param>
/// <param name="AgentId">The agent that answers in it; null in a workflow's session.</param>
/// <param name="AgentVersion">The version of the agent that the session keeps, from 1.</param>
/// <param name="AgentName">The agent's name at that time.</param>
/// <param name="OwnerId">The user who owns it.</param>
/// <param name="ProjectId">The project it belongs to.</param>
/// <param name="Workflow">The workflow that runs in it; null in an agent's session.</param>
public sealed record SessionCreated(
    string Title, Guid? AgentId, int? AgentVersion, string? AgentName, Guid OwnerId, Guid ProjectId, WorkflowReference? Workflow = null) : EventData;

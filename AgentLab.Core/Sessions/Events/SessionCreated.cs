namespace AgentLab.Core.Sessions.Events;

/// <summary><c>session.created</c>: the first event of every session.</summary>
/// <param name="Title">What the session is called at first.</param>
/// <param name="AgentId">The agent that answers in it.</param>
/// <param name="AgentVersion">The version of the agent that the session keeps, from 1.</param>
/// <param name="AgentName">The agent's name at that time.</param>
/// <param name="OwnerId">The user who may read it.</param>
/// <param name="ProjectId">The project it belongs to.</param>
public sealed record SessionCreated(string Title, Guid AgentId, int AgentVersion, string AgentName, Guid OwnerId, Guid ProjectId) : EventData;

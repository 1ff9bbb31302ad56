namespace AgentLab.Data.Sessions.Log;

/// <summary>What this process calls itself in the rows that it owns.</summary>
/// <param name="Name">The node's name, stable over restarts.</param>
/// <param name="Lease">How long a run stays owned without a sign of life.</param>
public sealed record NodeIdentity(string Name, TimeSpan Lease);

/// <summary>The connection broke while COMMIT was under way, so that this process cannot know whether it took effect.</summary>
public sealed class CommitAnswerLostException(Exception inner) : Exception("The answer to COMMIT was lost.", inner);

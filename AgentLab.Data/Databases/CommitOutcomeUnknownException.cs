namespace AgentLab.Data.Databases;

/// <summary>The connection was lost while a transaction committed: it may or may not have happened. Never retried by itself.</summary>
public sealed class CommitOutcomeUnknownException(Exception inner)
    : Exception("The connection was lost during a commit: whether it happened is unknown. Look it up before trying again.", inner);

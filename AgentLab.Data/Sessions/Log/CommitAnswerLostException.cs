namespace AgentLab.Data.Sessions.Log;

/// <summary>The connection broke while COMMIT was under way, so that this process cannot know whether it took effect.</summary>
public sealed class CommitAnswerLostException(Exception inner) : Exception("The answer to COMMIT was lost.", inner);

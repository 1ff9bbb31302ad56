using AgentLab.Core.Sessions;

namespace AgentLab.Data.Sessions.Log;

/// <summary>A session's row while a batch is being written: read under its lock, changed by each append, written back once.</summary>
internal sealed class SessionState
{
    public required long Key { get; init; }

    public required SessionId Id { get; init; }

    public required Guid OwnerId { get; init; }

    public required Guid ProjectId { get; init; }

    /// <summary>True until the row is inserted.</summary>
    public bool IsNew { get; set; }

    public SessionStatus Status { get; set; }

    public Guid? ActiveRunId { get; set; }

    /// <summary>The fencing number of the active run; 0 without one.</summary>
    public long ActiveFence { get; set; }

    public long Head { get; set; }

    public byte[] HeadHash { get; set; } = HashChain.Start;

    public int Messages { get; set; }

    public long InputTokens { get; set; }

    public long OutputTokens { get; set; }

    public long CostNanos { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }

    /// <summary>Steps of the active run that are not in its row yet.</summary>
    public int NewSteps { get; set; }

    /// <summary>What lists show of the session, apart from when it changed, and the fence that its guards look at.</summary>
    public (SessionStatus Status, Guid? ActiveRunId, long ActiveFence, int Messages, long InputTokens, long OutputTokens, long CostNanos) Shown =>
        (Status, ActiveRunId, ActiveFence, Messages, InputTokens, OutputTokens, CostNanos);

    /// <summary>Whether more than the head changed, so that the whole row is written back.</summary>
    public bool Touched { get; set; }

    /// <summary>Encoded events of this batch, published to viewers after the commit.</summary>
    public List<EncodedEvent> Written { get; } = [];
}

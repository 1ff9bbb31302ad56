namespace AgentLab.Data.Sessions;

/// <summary>What a step of a run waits for; gone when the wait has ended, but for questions to people. The projection by which clocks, requests and people find a run.</summary>
internal sealed class RunWaitRow
{
    public long SessionKey { get; set; }

    /// <summary>The event that began the wait.</summary>
    public long Sequence { get; set; }

    public Guid RunId { get; set; }

    /// <summary>The step that waits.</summary>
    public required string StepId { get; set; }

    /// <summary><c>timer</c>, <c>webhook</c>, <c>approval</c>, <c>form</c>, <c>tool</c>, or <c>retry</c> for the long pause before another attempt.</summary>
    public required string Kind { get; set; }

    public Guid OwnerId { get; set; }

    public Guid ProjectId { get; set; }

    /// <summary>When it ends by itself.</summary>
    public long? DueAt { get; set; }

    /// <summary>SHA-256 (hex) of the key by which a request ends it.</summary>
    public string? KeyHash { get; set; }

    public Guid? ApprovalId { get; set; }

    /// <summary>What a person is asked, one line.</summary>
    public string? Title { get; set; }

    public long CreatedAt { get; set; }

    /// <summary>What became of the question: <c>approved</c>, <c>rejected</c>, <c>submitted</c>, <c>expired</c> or <c>withdrawn</c>.</summary>
    public string? Decision { get; set; }

    /// <summary>The event that holds the answer.</summary>
    public long? DecidedSequence { get; set; }

    /// <summary>When the question was answered or came to nothing; only questions are kept that long.</summary>
    public long? EndedAt { get; set; }
}

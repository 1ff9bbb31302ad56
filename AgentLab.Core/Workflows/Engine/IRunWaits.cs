using AgentLab.Core.Sessions;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Finds what runs wait for, from the rows that are committed with the events.</summary>
public interface IRunWaits
{
    /// <summary>The wait that a request under a key with this SHA-256 (hex) ends; null when there is none (any more).</summary>
    ValueTask<RunWait?> FindByKeyAsync(string keyHash, CancellationToken cancellationToken);

    /// <summary>The wait for this approval's answer, open or answered; null when there is none.</summary>
    ValueTask<RunWait?> FindByApprovalAsync(Guid approval, CancellationToken cancellationToken);

    /// <summary>The waits that end by themselves at or before <paramref name="until"/>, the earliest of them.</summary>
    ValueTask<IReadOnlyList<RunWait>> DueAsync(DateTimeOffset until, int max, CancellationToken cancellationToken);

    /// <summary>When the next wait ends by itself; null when none does.</summary>
    ValueTask<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken);

    /// <summary>What a run waits for, oldest first.</summary>
    ValueTask<IReadOnlyList<RunWait>> OfRunAsync(RunId run, CancellationToken cancellationToken);
}

/// <summary>What a step of a run waits for.</summary>
/// <param name="SessionId">The run's session.</param>
/// <param name="RunId">The run.</param>
/// <param name="StepId">The step.</param>
/// <param name="Kind"><c>timer</c>, <c>webhook</c>, <c>approval</c>, <c>form</c>, <see cref="Tool"/> or <see cref="Retry"/>.</param>
/// <param name="OwnerId">On whose behalf the run works.</param>
/// <param name="DueAt">When it ends by itself; null for never.</param>
/// <param name="KeyHash">SHA-256 (hex) of the key by which a request ends it.</param>
/// <param name="ApprovalId">The question that a person answers.</param>
/// <param name="Title">The question, one line.</param>
/// <param name="Since">When it began.</param>
/// <param name="Sequence">The event that began it; a node's <c>node.waiting</c>, which a question's <c>approval.requested</c> follows at once, or a tool call's <c>approval.requested</c>.</param>
/// <param name="Open">False for a question that was answered, or that came to nothing.</param>
public sealed record RunWait(
    SessionId SessionId, RunId RunId, string StepId, string Kind, Guid OwnerId, DateTimeOffset? DueAt, string? KeyHash, Guid? ApprovalId, string? Title, DateTimeOffset Since,
    long Sequence, bool Open)
{
    /// <summary>The kind of a long pause before another attempt.</summary>
    public const string Retry = "retry";

    /// <summary>The kind of an agent's tool call that a person must approve first.</summary>
    public const string Tool = "tool";

    /// <summary>A pause before another attempt is a wait of its own, which needs no process, from this many milliseconds on.</summary>
    public const long LongPauseMs = 30_000;
}

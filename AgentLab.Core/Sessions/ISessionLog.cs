using System.Diagnostics.CodeAnalysis;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Sessions;

/// <summary>The only way by which anything comes into a session: events, their guard and the rows that must agree with them, in one transaction.</summary>
public interface ISessionLog
{
    /// <summary>
    /// Appends all of the append's events or none. When the task completes as <see cref="AppendStatus.Appended"/> they are durable, and only then can any
    /// viewer see them. Events of one append stand next to each other. Appends that one producer awaits one after the other keep that order.
    /// The queue behind it is bounded: the call waits while it is full, nothing is dropped.
    /// </summary>
    /// <returns>What became of it. A refused guard is an outcome, not an exception.</returns>
    /// <exception cref="SessionLogUnavailableException">The store could not be reached, and it is certain that nothing was written.</exception>
    /// <exception cref="AppendOutcomeUnknownException">The program stopped before the store said whether the events were written.</exception>
    /// <exception cref="OperationCanceledException">
    /// The token fired while the append was still waiting; nothing was written. Once it is being written the token has no effect.
    /// </exception>
    ValueTask<AppendOutcome> AppendAsync(SessionAppend append, CancellationToken cancellationToken);
}

/// <summary>What is to be appended to one session.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Events">At least one event, in order.</param>
public sealed record SessionAppend(SessionId SessionId, IReadOnlyList<NewEvent> Events)
{
    /// <summary>Set when this append makes the session. Its first event is <c>session.created</c>.</summary>
    public NewSession? Create { get; init; }

    /// <summary>Set by a run: the append is refused (<see cref="AppendRefusal.StaleFence"/>) unless the run still has this fencing number.</summary>
    public RunFence? Fence { get; init; }

    /// <summary>Refused (<see cref="AppendRefusal.HeadMoved"/>) unless the session's last sequence is this.</summary>
    public long? ExpectedHead { get; init; }

    /// <summary>Refused (<see cref="AppendRefusal.RunActive"/>) while a run of the session is running or waiting.</summary>
    public bool RequireNoActiveRun { get; init; }

    /// <summary>Refused (<see cref="AppendRefusal.RunNotActive"/>) unless this run is the session's active one; used by requests that come from outside the run, such as a stop.</summary>
    public RunId? RequireActiveRun { get; init; }

    /// <summary>Set for a request that may come twice: the second time the first one's receipt is the answer.</summary>
    public IdempotencyKey? Idempotency { get; init; }

    /// <summary>Blobs that the events refer to; written in the same transaction, once for each hash.</summary>
    public IReadOnlyList<Blob> Blobs { get; init; } = [];

    /// <summary>Hashes of blobs that are kept already and that the events refer to: the session's readers may read them from now on.</summary>
    public IReadOnlyList<string> BlobReferences { get; init; } = [];
}

/// <summary>An event before it has a number.</summary>
/// <param name="Data">The content.</param>
/// <param name="RunId">The run it belongs to.</param>
/// <param name="StepId">The step it belongs to.</param>
/// <param name="Attempt">The attempt of the step, from 1; 0 without a step.</param>
public sealed record NewEvent(EventData Data, RunId? RunId = null, string? StepId = null, int Attempt = 0);

/// <summary>The root row of a session that is being made.</summary>
/// <param name="OwnerId">The user who owns it.</param>
/// <param name="ProjectId">The project it belongs to.</param>
public sealed record NewSession(Guid OwnerId, Guid ProjectId);

/// <summary>A run and the fencing number under which its holder writes. A later holder has a higher one.</summary>
public sealed record RunFence(RunId RunId, long Number);

/// <summary>Content outside an event, addressed by its SHA-256.</summary>
/// <param name="Hash">SHA-256 of the content, lower-case hex.</param>
/// <param name="ContentType">The media type.</param>
/// <param name="Content">The bytes.</param>
public sealed record Blob(string Hash, string ContentType, ReadOnlyMemory<byte> Content)
{
    /// <summary>Makes a blob of these bytes.</summary>
    public static Blob Of(ReadOnlyMemory<byte> content, string contentType) =>
        new(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content.Span)), contentType, content);
}

/// <summary>Names one request of one principal, so that it takes effect once. Kept for 24 hours.</summary>
/// <param name="Principal">Who asks.</param>
/// <param name="Route">Which operation.</param>
/// <param name="Key">The client's key, 1 to 255 characters.</param>
/// <param name="BodyHash">SHA-256 (hex) of what was asked; another one under the same key is refused.</param>
public sealed record IdempotencyKey(string Principal, string Route, string Key, string BodyHash);

/// <summary>Where an append landed.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="RunId">The run that the append started, if it started one.</param>
/// <param name="First">The sequence of its first event.</param>
/// <param name="Last">The sequence of its last event: the session's head at that moment.</param>
public sealed record AppendReceipt(SessionId SessionId, RunId? RunId, long First, long Last);

/// <summary>What became of an append.</summary>
public enum AppendStatus
{
    /// <summary>Its events are committed.</summary>
    Appended,

    /// <summary>The same request came before; nothing was written now.</summary>
    Replayed,

    /// <summary>A guard did not hold; nothing was written.</summary>
    Refused,
}

/// <summary>Which guard did not hold.</summary>
public enum AppendRefusal
{
    /// <summary>No such session.</summary>
    SessionNotFound,

    /// <summary>The run has another owner by now.</summary>
    StaleFence,

    /// <summary>The head is not the expected one.</summary>
    HeadMoved,

    /// <summary>A run is going on in the session.</summary>
    RunActive,

    /// <summary>The run is not going on (any more).</summary>
    RunNotActive,

    /// <summary>The idempotency key was used for another request.</summary>
    KeyReused,
}

/// <summary>The outcome of an append.</summary>
public sealed class AppendOutcome
{
    private AppendOutcome(AppendStatus status, AppendReceipt? receipt, AppendRefusal? refusal)
    {
        Status = status;
        Receipt = receipt;
        Refusal = refusal;
    }

    /// <summary>What became of it.</summary>
    public AppendStatus Status { get; }

    /// <summary>Where it landed, now or at the earlier time; null when refused.</summary>
    public AppendReceipt? Receipt { get; }

    /// <summary>Why not; null unless refused.</summary>
    public AppendRefusal? Refusal { get; }

    /// <summary>True when its events (or those of the same earlier request) are in the log.</summary>
    [MemberNotNullWhen(true, nameof(Receipt))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Landed => Receipt is not null;

    /// <summary>Committed now.</summary>
    public static AppendOutcome Appended(AppendReceipt receipt) => new(AppendStatus.Appended, receipt, null);

    /// <summary>Committed by the same request earlier.</summary>
    public static AppendOutcome Replayed(AppendReceipt receipt) => new(AppendStatus.Replayed, receipt, null);

    /// <summary>A guard did not hold.</summary>
    public static AppendOutcome Refused(AppendRefusal refusal) => new(AppendStatus.Refused, null, refusal);
}

/// <summary>The log's store cannot be reached; nothing of the append was written. Trying again later can help.</summary>
public sealed class SessionLogUnavailableException(string message, Exception? inner) : Exception(message, inner);

/// <summary>
/// The connection broke during COMMIT and the program stopped before the store could be asked: the append landed or it did not. Read the log before
/// trying again.
/// </summary>
public sealed class AppendOutcomeUnknownException(Exception? inner)
    : Exception("The program stopped before the store said whether the events were written. Look before trying again.", inner);

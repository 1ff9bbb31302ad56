using AgentLab.Core.Sessions;

namespace AgentLab.Core.Requests;

/// <summary>
/// Remembers creating requests by their idempotency key for 24 hours, so that one that comes twice takes effect once. For requests that do not pass
/// through the session log, which keeps its keys in its own transactions.
/// </summary>
public interface IRequestJournal
{
    /// <summary>
    /// Begins a request. Only <see cref="RequestClaimKind.New"/> lets it go on; then call <see cref="CompleteAsync"/> or <see cref="AbandonAsync"/>.
    /// A request that was begun and never ended (its process died) can be begun again after a minute.
    /// </summary>
    Task<RequestClaim> BeginAsync(IdempotencyKey key, CancellationToken cancellationToken);

    /// <summary>Keeps the answer for the next time.</summary>
    Task CompleteAsync(IdempotencyKey key, string answer, CancellationToken cancellationToken);

    /// <summary>The request failed and took no effect: its key is free again.</summary>
    Task AbandonAsync(IdempotencyKey key, CancellationToken cancellationToken);
}

/// <summary>What is known of a request.</summary>
public enum RequestClaimKind
{
    /// <summary>It has not come before.</summary>
    New,

    /// <summary>The same request is being worked on.</summary>
    InProgress,

    /// <summary>It took effect before.</summary>
    Replayed,

    /// <summary>The key was used for another request.</summary>
    Reused,
}

/// <summary>The journal's verdict on a request.</summary>
/// <param name="Kind">What is known of it.</param>
/// <param name="Answer">What it answered, when <see cref="RequestClaimKind.Replayed"/>.</param>
public readonly record struct RequestClaim(RequestClaimKind Kind, string? Answer = null);

namespace AgentLab.Core.Models;

/// <summary>The state of a provider's circuit breaker.</summary>
public enum CircuitState
{
    /// <summary>Calls go through.</summary>
    Closed = 0,

    /// <summary>Calls are refused at once until <see cref="ProviderHealth.RetryAt"/>.</summary>
    Open = 1,

    /// <summary>One call is let through to see whether the provider is back.</summary>
    HalfOpen = 2,
}

/// <summary>How a provider does, as far as this process has seen.</summary>
/// <param name="ProviderId">The provider's slug.</param>
/// <param name="State">The circuit breaker's state.</param>
/// <param name="ChangedAt">When this value came to be.</param>
/// <param name="RetryAt">When the provider will be tried again: set while the circuit is open and while a call waits to retry.</param>
/// <param name="LastError">A sentence on the latest failure, without anything of a prompt; null once a call has succeeded.</param>
/// <param name="LastErrorCode">Its code, of <see cref="ModelErrorCodes"/>.</param>
public sealed record ProviderHealth(
    string ProviderId, CircuitState State, DateTimeOffset ChangedAt, DateTimeOffset? RetryAt = null, string? LastError = null, string? LastErrorCode = null)
{
    /// <summary>True when nothing is known to be wrong.</summary>
    public bool IsHealthy => State == CircuitState.Closed && LastErrorCode is null;
}

/// <summary>Watches the providers, for the words "provider unavailable, trying again in 8 s".</summary>
public interface IProviderHealth
{
    /// <summary>The state of each provider that was called since the start, by id.</summary>
    IReadOnlyList<ProviderHealth> List();

    /// <summary>The state of one provider; a healthy one when it was never called.</summary>
    ProviderHealth Get(string providerId);

    /// <summary>
    /// Calls <paramref name="onChange"/> after each change, from the thread that noticed it and outside any lock: return soon, throw nothing.
    /// Changes of one provider may be seen out of order when they race: read <see cref="Get"/> for what holds now. Dispose to end; more than once is harmless.
    /// </summary>
    IDisposable Subscribe(Action<ProviderHealth> onChange);
}

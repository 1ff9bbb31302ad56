using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Models.Resilience;

/// <summary>What is known of each provider, and who wants to hear of changes.</summary>
internal sealed partial class ProviderHealthBoard(TimeProvider time, ILogger<ProviderHealthBoard> logger) : IProviderHealth
{
    private readonly ConcurrentDictionary<string, ProviderHealth> _states = new(StringComparer.Ordinal);
    private ImmutableList<Subscription> _subscriptions = [];

    public IReadOnlyList<ProviderHealth> List() => [.. _states.Values.OrderBy(h => h.ProviderId, StringComparer.Ordinal)];

    public ProviderHealth Get(string providerId) => _states.GetValueOrDefault(providerId) ?? Healthy(providerId);

    public IDisposable Subscribe(Action<ProviderHealth> onChange)
    {
        ArgumentNullException.ThrowIfNull(onChange);
        var subscription = new Subscription(this, onChange);
        ImmutableInterlocked.Update(ref _subscriptions, list => list.Add(subscription));
        return subscription;
    }

    /// <summary>Changes a provider's state and tells the subscribers, unless nothing changed.</summary>
    public void Update(string providerId, Func<ProviderHealth, ProviderHealth> change)
    {
        while (true)
        {
            var before = _states.GetOrAdd(providerId, Healthy);
            var after = change(before);
            if (after == before)
            {
                return;
            }

            after = after with { ChangedAt = time.GetUtcNow() };
            if (_states.TryUpdate(providerId, after, before))
            {
                _subscriptions.ForEach(s => Tell(s, after));
                return;
            }
        }
    }

    public void Forget(string providerId) => Update(providerId, _ => Healthy(providerId));

    private void Tell(Subscription subscription, ProviderHealth health)
    {
        try
        {
            subscription.OnChange(health);
        }
        catch (Exception error)
        {
            // A viewer's fault must not become a model call's.
            LogSubscriberFailed(logger, health.ProviderId, error);
        }
    }

    private ProviderHealth Healthy(string providerId) => new(providerId, CircuitState.Closed, time.GetUtcNow());

    private sealed class Subscription(ProviderHealthBoard board, Action<ProviderHealth> onChange) : IDisposable
    {
        public Action<ProviderHealth> OnChange => onChange;

        public void Dispose() => ImmutableInterlocked.Update(ref board._subscriptions, list => list.Remove(this));
    }
}

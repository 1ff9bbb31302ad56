using Microsoft.Extensions.AI;

namespace AgentLab.Core.Models.Resilience;

/// <summary>One model of a chain, behind its provider's retry and circuit breaker.</summary>
/// <param name="choice">The model.</param>
/// <param name="client">Makes one request a call.</param>
/// <param name="guard">The provider's retry and circuit.</param>
/// <param name="patience">How long to wait for the first token when another model stands in; null to wait for the call's whole time.</param>
/// <param name="time">Measures the patience.</param>
internal sealed class GuardedCaller(ModelChoice choice, IChatClient client, ProviderGuard guard, TimeSpan? patience, TimeProvider time)
{
    public ModelChoice Choice => choice;

    public Task<ChatResponse> RespondAsync(ModelCall call, CancellationToken cancellationToken) => guard.ExecuteAsync(
        async token =>
        {
            Count(call);
            using var lifetime = Lifetime(token);
            return await PatientlyAsync(() => client.GetResponseAsync(call.Messages, call.Options, lifetime.Token), call, token);
        },
        call.Deadline,
        hasStandIn: patience is not null,
        cancellationToken);

    /// <summary>Opens the stream and waits for its first update: up to there a fault may be tried again, after it never.</summary>
    public Task<OpenedStream> OpenAsync(ModelCall call, CancellationToken cancellationToken) => guard.ExecuteAsync(
        async token =>
        {
            Count(call);
            var lifetime = Lifetime(token);
            IAsyncEnumerator<ChatResponseUpdate>? updates = null;
            try
            {
                updates = client.GetStreamingResponseAsync(call.Messages, call.Options, lifetime.Token).GetAsyncEnumerator(lifetime.Token);
                var hasCurrent = await PatientlyAsync(() => updates.MoveNextAsync().AsTask(), call, token);
                var opened = new OpenedStream(updates, lifetime, guard, () => TooLate(call), hasCurrent);
                lifetime.CancelAfter(Timeout.InfiniteTimeSpan);
                return opened;
            }
            catch
            {
                if (updates is not null)
                {
                    await updates.DisposeAsync();
                }

                lifetime.Dispose();
                throw;
            }
        },
        call.Deadline,
        hasStandIn: patience is not null,
        cancellationToken);

    private void Count(ModelCall call)
    {
        call.Attempts++;
        call.Asked = choice;
    }

    private PatientSource Lifetime(CancellationToken cancellationToken) => new PatientSource(patience, time, cancellationToken);

    private async Task<T> PatientlyAsync<T>(Func<Task<T>> ask, ModelCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (OperationCanceledException) when (patience is not null && !cancellationToken.IsCancellationRequested)
        {
            throw Slow($"{choice.ProviderName} did not begin to answer within {patience.Value.TotalSeconds:0.#} seconds.");
        }
        catch (OperationCanceledException) when (TooLate(call) is { } late)
        {
            // Said here as well as outside, so that the circuit hears of a provider that hangs.
            throw late;
        }
    }

    private ModelException? TooLate(ModelCall call) => time.GetUtcNow() < call.Deadline
        ? null
        : Slow($"{choice.ProviderName} did not finish its answer within the time limit. Try again, ask for less, or choose a faster model.");

    private ModelException Slow(string message) => new(ModelErrorCodes.Timeout, message) { IsTransient = true, ProviderId = choice.ProviderId };

    /// <summary>Cancelled by the caller, or by the clock until its time is lifted.</summary>
    private sealed class PatientSource : CancellationTokenSource
    {
        private readonly CancellationTokenRegistration _outer;

        public PatientSource(TimeSpan? patience, TimeProvider time, CancellationToken outer)
            : base(patience ?? Timeout.InfiniteTimeSpan, time) => _outer = outer.UnsafeRegister(static s => ((PatientSource)s!).Cancel(), this);

        protected override void Dispose(bool disposing)
        {
            _outer.Dispose();
            base.Dispose(disposing);
        }
    }
}

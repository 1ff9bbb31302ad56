using Microsoft.Extensions.AI;

namespace AgentLab.Core.Models.Resilience;

/// <summary>A stream whose first update has come. Reading on may fail; the failure is told to the provider's circuit.</summary>
/// <param name="updates">The stream, at its first update.</param>
/// <param name="lifetime">Ends the request; disposed with the stream.</param>
/// <param name="guard">Hears how the stream ends.</param>
/// <param name="tooLate">The failure that a cancellation stands for when the call's time is over; null when the caller cancelled.</param>
/// <param name="hasCurrent">False for a stream that ended without a single update.</param>
internal sealed class OpenedStream(
    IAsyncEnumerator<ChatResponseUpdate> updates, CancellationTokenSource lifetime, ProviderGuard guard, Func<ModelException?> tooLate, bool hasCurrent) : IAsyncDisposable
{
    /// <summary>False for a stream that ended without a single update.</summary>
    public bool HasCurrent => hasCurrent;

    public ChatResponseUpdate Current => updates.Current;

    public async ValueTask<bool> MoveNextAsync()
    {
        try
        {
            var more = await updates.MoveNextAsync();
            if (!more)
            {
                guard.Succeeded();
            }

            return more;
        }
        catch (ModelException error)
        {
            await guard.FailedLateAsync(error);
            throw;
        }
        catch (OperationCanceledException) when (tooLate() is { } late)
        {
            throw late;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await updates.DisposeAsync();
        }
        finally
        {
            lifetime.Dispose();
        }
    }
}

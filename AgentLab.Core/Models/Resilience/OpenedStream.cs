using Microsoft.Extensions.AI;

namespace AgentLab.Core.Models.Resilience;

/// <summary>A stream whose first update has come. Reading on may fail; the failure is told to the provider's circuit.</summary>
internal sealed class OpenedStream(IAsyncEnumerator<ChatResponseUpdate> updates, CancellationTokenSource lifetime, ProviderGuard guard, bool hasCurrent) : IAsyncDisposable
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

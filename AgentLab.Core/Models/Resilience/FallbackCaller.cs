using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Models.Resilience;

/// <summary>
/// Asks the members of a chain in turn until one answers. A member is left only before its first token, and only for a fault that is
/// not the request's own: a prompt that one refuses would be refused by the next.
/// </summary>
internal sealed partial class FallbackCaller(IReadOnlyList<GuardedCaller> members, ILogger logger) : IModelCaller
{
    public async Task<ChatResponse> RespondAsync(ModelCall call, CancellationToken cancellationToken)
    {
        ModelException? first = null;
        for (var i = 0; ; i++)
        {
            try
            {
                return await members[i].RespondAsync(call, cancellationToken);
            }
            catch (ModelException error) when (HasNext(i, error))
            {
                first ??= error;
                LogFallback(logger, members[i].Choice.Reference, error.Code, members[i + 1].Choice.Reference);
            }
            catch (ModelException error) when (first is not null)
            {
                throw AllFailed(first, error);
            }
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(ModelCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var updates = await OpenAsync(call, cancellationToken);
        if (!updates.HasCurrent)
        {
            yield break;
        }

        do
        {
            yield return updates.Current;
        }
        while (await updates.MoveNextAsync());
    }

    private async Task<OpenedStream> OpenAsync(ModelCall call, CancellationToken cancellationToken)
    {
        ModelException? first = null;
        for (var i = 0; ; i++)
        {
            try
            {
                return await members[i].OpenAsync(call, cancellationToken);
            }
            catch (ModelException error) when (HasNext(i, error))
            {
                first ??= error;
                LogFallback(logger, members[i].Choice.Reference, error.Code, members[i + 1].Choice.Reference);
            }
            catch (ModelException error) when (first is not null)
            {
                throw AllFailed(first, error);
            }
        }
    }

    private bool HasNext(int i, ModelException error) =>
        i + 1 < members.Count && (error.IsTransient || error.Code is ModelErrorCodes.Unauthorized or ModelErrorCodes.BadResponse or ModelErrorCodes.Unknown);

    /// <summary>The wanted model's failure is the one to act on; the stand-ins' are named.</summary>
    private ModelException AllFailed(ModelException first, ModelException last) =>
        new(first.Code, $"{first.Message} Its stand-ins failed too ({string.Join(", ", members.Skip(1).Select(m => m.Choice.Reference))}).", last)
        {
            IsTransient = first.IsTransient || last.IsTransient,
            RetryAfter = first.RetryAfter ?? last.RetryAfter,
            ProviderId = first.ProviderId,
            Status = first.Status,
        };
}

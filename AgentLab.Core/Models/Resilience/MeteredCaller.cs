using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentLab.Core.Models.Resilience;

/// <summary>Counts what a call used and puts it on the answer; on a call that failed or was cut off after its first token, on the exception.</summary>
internal sealed class MeteredCaller(IModelCaller inner, TimeProvider time) : IModelCaller
{
    public async Task<ChatResponse> RespondAsync(ModelCall call, CancellationToken cancellationToken)
    {
        var response = await inner.RespondAsync(call, cancellationToken);
        var written = response.Messages.SelectMany(m => m.Contents).Sum(TokenEstimate.Of);
        var usage = Usage(call, response.Usage, written, firstToken: null);
        response.Usage ??= Details(usage);
        (response.AdditionalProperties ??= [])[ModelUsage.Key] = usage;
        return response;
    }

    public async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(ModelCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var tally = new Tally();
        await using var updates = inner.StreamAsync(call, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(updates, call, tally))
        {
            tally.Add(updates.Current, time.GetElapsedTime(call.Started));
            yield return updates.Current;
        }

        // Only the end of the stream tells which update was its last: the usage gets one of its own.
        var usage = Usage(call, tally.Reported, tally.Written, tally.FirstToken);
        yield return new ChatResponseUpdate(ChatRole.Assistant, tally.Reported is null ? [new UsageContent(Details(usage))] : [])
        {
            ResponseId = tally.ResponseId,
            MessageId = tally.ResponseId,
            ModelId = usage.ModelId,
            AdditionalProperties = new AdditionalPropertiesDictionary { [ModelUsage.Key] = usage },
        };
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, ModelCall call, Tally tally)
    {
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (ModelException error) when (tally.FirstToken is not null)
        {
            error.Usage = Usage(call, tally.Reported, tally.Written, tally.FirstToken);
            throw;
        }
        catch (OperationCanceledException cut) when (tally.FirstToken is not null)
        {
            throw new ModelCallCutException(Usage(call, tally.Reported, tally.Written, tally.FirstToken), cut);
        }
    }

    private ModelUsage Usage(ModelCall call, UsageDetails? reported, long written, TimeSpan? firstToken)
    {
        var asked = call.Asked ?? throw new InvalidOperationException("A call that was answered must have asked a model.");

        // A count of zero for a prompt means that the provider does not count.
        var counted = reported is { InputTokenCount: > 0 };
        var input = counted ? reported!.InputTokenCount!.Value : TokenEstimate.Of(call.Messages, call.Options);
        var output = counted ? reported!.OutputTokenCount ?? 0 : written;
        return new ModelUsage
        {
            ProviderId = asked.ProviderId,
            ModelId = asked.Model.Id,
            InputTokens = input,
            OutputTokens = output,
            CachedInputTokens = reported?.CachedInputTokenCount ?? 0,
            Cost = asked.Model.CostOf(input, output),
            Duration = time.GetElapsedTime(call.Started),
            TimeToFirstToken = firstToken,
            Attempts = call.Attempts,
            IsEstimated = !counted || asked.IsRehearsal,
        };
    }

    private static UsageDetails Details(ModelUsage usage) => new()
    {
        InputTokenCount = usage.InputTokens,
        OutputTokenCount = usage.OutputTokens,
        TotalTokenCount = usage.InputTokens + usage.OutputTokens,
    };

    private sealed class Tally
    {
        public UsageDetails? Reported { get; private set; }

        public string? ResponseId { get; private set; }

        public TimeSpan? FirstToken { get; private set; }

        // Characters add up before they are divided into tokens: a word's own estimate would round up each time.
        private long _characters;
        private long _other;

        public long Written => ((_characters + 3) / 4) + _other;

        public void Add(ChatResponseUpdate update, TimeSpan elapsed)
        {
            ResponseId ??= update.ResponseId;
            foreach (var content in update.Contents)
            {
                switch (content)
                {
                    case UsageContent usage:
                        Reported = usage.Details;
                        break;
                    case TextContent text:
                        FirstToken ??= elapsed;
                        _characters += text.Text.Length;
                        break;
                    default:
                        FirstToken ??= elapsed;
                        _other += TokenEstimate.Of(content);
                        break;
                }
            }
        }
    }
}

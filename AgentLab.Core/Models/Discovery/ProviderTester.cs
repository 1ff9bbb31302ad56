using AgentLab.Core.Models.OpenAi;
using Microsoft.Extensions.AI;

namespace AgentLab.Core.Models.Discovery;

/// <inheritdoc />
internal sealed class ProviderTester(IProviderCatalog catalog, ModelLists lists, ModelHttp http, TimeProvider time) : IProviderTester
{
    // Reasoning models spend tokens before their first word.
    private const int MostTokens = 64;
    private static readonly TimeSpan ListLimit = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(22);
    private static readonly ChatMessage[] Prompt = [new(ChatRole.User, "Answer with the single word: ready")];

    public async Task<ProviderTestResult> TestAsync(ProviderDefinition provider, SecretChange key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(key);
        if (provider.Kind == ProviderKind.Rehearsal)
        {
            return ProviderTestResult.Answered(provider.Name, ProviderDefinition.RehearsalId, TimeSpan.Zero, [ProviderDefinition.RehearsalId]);
        }

        var stored = (await catalog.ListAsync(cancellationToken)).FirstOrDefault(p => p.Id == provider.Id);
        var faults = ProviderRules.CheckChange(stored, provider, key);
        return faults.Count > 0
            ? ProviderTestResult.Failed("invalid", string.Join(' ', faults), [])
            : await TryAsync(provider with { ApiKey = key.IsKeep ? stored?.ApiKey : key.Value }, cancellationToken);
    }

    private async Task<ProviderTestResult> TryAsync(ProviderDefinition provider, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> models = [];
        try
        {
            models = await lists.ListAsync(provider, ListLimit, cancellationToken);
        }
        catch (ModelException error) when (provider.Models.Count == 0 || error.Code is ModelErrorCodes.Unauthorized or ModelErrorCodes.Unavailable)
        {
            return ProviderTestResult.Failed(error.Code, error.Message, []);
        }
        catch (ModelException)
        {
            // Some providers list nothing; a named model can answer all the same.
        }

        var model = provider.Models.Count > 0 ? provider.Models[0].Id : models.Count > 0 ? models[0] : null;
        return model is null
            ? ProviderTestResult.Failed(ModelErrorCodes.Unknown, $"{provider.Name} can be reached but offers no model. Add one there, or name one here.", models)
            : await AskAsync(provider, model, models, cancellationToken);
    }

    private async Task<ProviderTestResult> AskAsync(ProviderDefinition provider, string model, IReadOnlyList<string> models, CancellationToken cancellationToken)
    {
        using var total = new CancellationTokenSource(CallLimit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(total.Token, cancellationToken);
        using var client = new OpenAiChatClient(provider, model, http.Client, time);
        var started = time.GetTimestamp();
        try
        {
            await client.GetResponseAsync(Prompt, new ChatOptions { MaxOutputTokens = MostTokens }, linked.Token);
            return ProviderTestResult.Answered(provider.Name, model, time.GetElapsedTime(started), models);
        }
        catch (ModelException error)
        {
            return ProviderTestResult.Failed(error.Code, error.Message, models);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ProviderTestResult.Failed(ModelErrorCodes.Timeout, $"{provider.Name} did not answer within {CallLimit.TotalSeconds:0} seconds.", models);
        }
    }
}

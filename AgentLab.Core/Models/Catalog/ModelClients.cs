using AgentLab.Core.Models.OpenAi;
using AgentLab.Core.Models.Rehearsal;
using AgentLab.Core.Models.Resilience;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentLab.Core.Models.Catalog;

/// <summary>Finds the models behind a reference and wires the clients that call them.</summary>
internal sealed class ModelClients(
    IProviderCatalog catalog, ModelLists lists, ModelHttp http, ProviderGuards guards, IOptions<ModelsOptions> options, TimeProvider time, ILogger<FallbackCaller> logger)
    : IModelClients
{
    public async ValueTask<ModelRoute> RouteAsync(string? reference, CancellationToken cancellationToken)
    {
        var providers = await catalog.ListAsync(cancellationToken);
        var (providerId, modelId) = ModelReference.Parse(reference);
        if (providerId is null)
        {
            (providerId, modelId) = ModelReference.Parse(options.Value.Default);
        }

        var wanted = providerId is null
            ? await FirstUsableAsync(providers, cancellationToken)
            : await ChooseAsync(ModelReference.Find(providers, providerId), modelId, cancellationToken) ?? throw ModelReference.NoModels(ModelReference.Find(providers, providerId));
        return Build([wanted, .. StandIns(providers, wanted.Provider)]);
    }

    private ModelRoute Build(List<(ProviderDefinition Provider, ModelInfo Model)> members)
    {
        var last = members.Count - 1;
        var callers = members.Select((m, i) => new GuardedCaller(
            new ModelChoice(m.Provider.Id, m.Provider.Name, m.Provider.Kind, m.Model),
            Client(m.Provider, m.Model),
            guards.Get(m.Provider),
            i < last ? options.Value.FallbackAfter : null,
            time)).ToList();
        var chain = callers.ConvertAll(c => c.Choice);
        return new ModelRoute(chain, new RouteClient(new MeteredCaller(new FallbackCaller(callers, logger), time), chain, options.Value.CallTimeLimit, time));
    }

    /// <summary>The default: the first provider that offers a model. The rehearsal model is last and always does.</summary>
    private async ValueTask<(ProviderDefinition Provider, ModelInfo Model)> FirstUsableAsync(IReadOnlyList<ProviderDefinition> providers, CancellationToken cancellationToken)
    {
        foreach (var provider in providers.Where(p => p.Enabled))
        {
            if (await ChooseAsync(provider, modelId: null, cancellationToken) is { } choice)
            {
                return choice;
            }
        }

        throw new ModelException(ModelErrorCodes.Unknown, "No enabled provider offers a model. Enable one on the Providers page.");
    }

    private async ValueTask<(ProviderDefinition Provider, ModelInfo Model)?> ChooseAsync(ProviderDefinition provider, string? modelId, CancellationToken cancellationToken)
    {
        if (modelId is not null)
        {
            return (provider, ModelReference.Model(provider, modelId));
        }

        if (provider.Models.Count > 0)
        {
            return (provider, provider.Models[0]);
        }

        var offered = await lists.FirstAsync(provider, cancellationToken);
        return offered is null ? null : (provider, new ModelInfo(offered));
    }

    private static IEnumerable<(ProviderDefinition Provider, ModelInfo Model)> StandIns(IReadOnlyList<ProviderDefinition> providers, ProviderDefinition wanted) => providers
        .Where(p => p is { Enabled: true, IsFallback: true, Models.Count: > 0 } && p.Id != wanted.Id && wanted.Kind != ProviderKind.Rehearsal)
        .Select(p => (p, p.Models[0]));

    private IChatClient Client(ProviderDefinition provider, ModelInfo model) => provider.Kind switch
    {
        ProviderKind.Rehearsal => new RehearsalChatClient(time, options.Value.RehearsalWordPace),
        _ => new OpenAiChatClient(provider, model.Id, http.Client, time),
    };
}

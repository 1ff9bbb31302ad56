using AgentLab.Core.Models.OpenAi;
using AgentLab.Core.Models.Rehearsal;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AgentLab.Core.Models.Catalog;

/// <summary>Finds the models behind a reference and wires the clients that call them.</summary>
internal sealed class ModelClients(IProviderCatalog catalog, ModelHttp http, IOptions<ModelsOptions> options, TimeProvider time) : IModelClients
{
    public async ValueTask<ModelRoute> RouteAsync(string? reference, CancellationToken cancellationToken)
    {
        var providers = await catalog.ListAsync(cancellationToken);
        var (providerId, modelId) = ModelReference.Parse(reference);
        if (providerId is null)
        {
            (providerId, modelId) = ModelReference.Parse(options.Value.Default);
        }

        var provider = providerId is null
            ? providers.First(p => p is { Enabled: true, Models.Count: > 0 })
            : ModelReference.Find(providers, providerId);
        var model = modelId is not null ? ModelReference.Model(provider, modelId)
            : provider.Models.Count > 0 ? provider.Models[0]
            : throw ModelReference.NoModels(provider);
        return new ModelRoute([new ModelChoice(provider.Id, provider.Name, provider.Kind, model)], Client(provider, model));
    }

    private IChatClient Client(ProviderDefinition provider, ModelInfo model) => provider.Kind switch
    {
        ProviderKind.Rehearsal => new RehearsalChatClient(time, options.Value.RehearsalWordPace),
        _ => new OpenAiChatClient(provider, model.Id, http.Client, time),
    };
}

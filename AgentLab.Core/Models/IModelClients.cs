using Microsoft.Extensions.AI;

namespace AgentLab.Core.Models;

/// <summary>Turns an agent's model reference into a client that is ready to call.</summary>
public interface IModelClients
{
    /// <summary>
    /// The route for a reference: <c>provider/model</c> (the model may hold slashes), <c>provider</c> (its first model), or <c>default</c>,
    /// empty or null (the configured default, else the first enabled provider's first model, else the rehearsal model).
    /// </summary>
    /// <exception cref="ModelException"><see cref="ModelErrorCodes.Unknown"/>: no such provider, it is disabled, or it offers no model.</exception>
    ValueTask<ModelRoute> RouteAsync(string? reference, CancellationToken cancellationToken);
}

/// <summary>One member of a route: a model of a provider.</summary>
/// <param name="ProviderId">The provider's slug.</param>
/// <param name="ProviderName">The name that people see.</param>
/// <param name="Kind">How the provider is spoken to.</param>
/// <param name="Model">The model and its prices.</param>
public sealed record ModelChoice(string ProviderId, string ProviderName, ProviderKind Kind, ModelInfo Model)
{
    /// <summary>The canonical reference, <c>provider/model</c>.</summary>
    public string Reference => $"{ProviderId}/{Model.Id}";

    /// <summary>True for the built-in stand-in, which must be labelled as such wherever its answers are shown.</summary>
    public bool IsRehearsal => Kind == ProviderKind.Rehearsal;
}

/// <summary>
/// A client and what stands behind it. The client applies, from the outside in: the total time limit of a call, metering, fallback along
/// <see cref="Chain"/>, retry of transient faults, and each provider's circuit breaker.
/// Every failure but the caller's own cancellation is a <see cref="ModelException"/>. Which model answered is in <see cref="ModelUsage"/>.
/// </summary>
/// <param name="Chain">The wanted model first, then those that stand in for it; never empty.</param>
/// <param name="Client">Safe for concurrent calls. Disposing it does nothing: connections are shared.</param>
public sealed record ModelRoute(IReadOnlyList<ModelChoice> Chain, IChatClient Client)
{
    /// <summary>The wanted model.</summary>
    public ModelChoice Primary => Chain[0];
}

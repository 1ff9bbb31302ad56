namespace AgentLab.Core.Models;

/// <summary>All providers: configuration's, settings' and the rehearsal model, merged.</summary>
public interface IProviderCatalog
{
    /// <summary>
    /// Every provider, disabled ones included, by <see cref="ProviderDefinition.Order"/> then id; the rehearsal model is always among them.
    /// Where configuration and settings hold the same id, configuration wins.
    /// </summary>
    ValueTask<IReadOnlyList<ProviderDefinition>> ListAsync(CancellationToken cancellationToken);
}

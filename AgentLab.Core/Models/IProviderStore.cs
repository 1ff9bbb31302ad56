namespace AgentLab.Core.Models;

/// <summary>
/// The providers that administrators made in the Providers page. Keys are kept encrypted; they leave the store only inside a
/// <see cref="Secret"/>, for the client that calls the provider, and are never part of an answer to a person.
/// </summary>
public interface IProviderStore
{
    /// <summary>Every stored provider with <see cref="ProviderSource.Settings"/>, in no particular order. A key that can no longer be decrypted reads as null.</summary>
    ValueTask<IReadOnlyList<ProviderDefinition>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Inserts the provider or replaces the one with its id. The definition's own <see cref="ProviderDefinition.ApiKey"/> is ignored:
    /// only <paramref name="key"/> says what becomes of the stored key.
    /// </summary>
    /// <param name="provider">A definition without faults (<see cref="ProviderRules.Check"/>).</param>
    /// <param name="key">What to do with the key.</param>
    /// <param name="cancellationToken">Ends the wait; the write may still have happened.</param>
    Task SaveAsync(ProviderDefinition provider, SecretChange key, CancellationToken cancellationToken);

    /// <summary>Deletes the provider and its key; false when there was none.</summary>
    Task<bool> DeleteAsync(string id, CancellationToken cancellationToken);
}

/// <summary>What becomes of a stored secret: kept, replaced or removed. Nobody ever reads it back to change it.</summary>
public sealed record SecretChange
{
    private SecretChange(bool isKeep, Secret? value)
    {
        IsKeep = isKeep;
        Value = value;
    }

    /// <summary>The stored secret stays as it is.</summary>
    public static SecretChange Keep { get; } = new(true, null);

    /// <summary>The stored secret is removed.</summary>
    public static SecretChange Remove { get; } = new(false, null);

    /// <summary>True when the stored secret stays.</summary>
    public bool IsKeep { get; }

    /// <summary>The new secret; null when it stays or is removed.</summary>
    public Secret? Value { get; }

    /// <summary>The stored secret becomes <paramref name="value"/>.</summary>
    public static SecretChange Replace(Secret value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(false, value);
    }
}

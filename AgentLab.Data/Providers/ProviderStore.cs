using System.Security.Cryptography;
using System.Text.Json;
using AgentLab.Core.Models;
using AgentLab.Data.Databases;
using AgentLab.Data.Projects;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Secret = AgentLab.Core.Models.Secret;

namespace AgentLab.Data.Providers;

/// <summary>Keeps the providers of the Providers page, their keys sealed by data protection.</summary>
/// <remarks>
/// A kept key stays only while the endpoint's scheme, host and port stay: pointing a provider elsewhere must not hand its key to
/// another server, which would read out a secret that goes in and never comes out.
/// </remarks>
internal sealed partial class ProviderStore(
    LabDatabase database, IDataProtectionProvider protection, TimeProvider clock, ILogger<ProviderStore> logger) : IProviderStore
{
    public async ValueTask<IReadOnlyList<ProviderDefinition>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync((context, token) => context.Set<ProviderRow>().ToListAsync(token), cancellationToken);
        return rows.ConvertAll(Definition);
    }

    public Task SaveAsync(ProviderDefinition provider, SecretChange key, CancellationToken cancellationToken)
    {
        // Sealed before the transaction: data protection may itself write a new key.
        var fresh = key.Value is { } secret ? Protector(provider.Id).Protect(secret.Reveal()) : null;
        var now = UtcMicroseconds.Now(clock);
        return database.WriteAsync(
            async (context, token) =>
            {
                var row = await context.Set<ProviderRow>().FirstOrDefaultAsync(row => row.Id == provider.Id, token);
                if (row is null)
                {
                    row = new ProviderRow { Id = provider.Id, Name = "", Models = "", ProjectKey = Project.DefaultKey, CreatedAt = now };
                    context.Add(row);
                }

                var keeps = key.IsKeep && SameServer(row.Endpoint, provider.Endpoint);
                row.SealedKey = keeps ? row.SealedKey : fresh;
                Fill(row, provider, now);
            },
            cancellationToken);
    }

    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => database.WriteAsync(
        async (context, token) => await context.Set<ProviderRow>().Where(row => row.Id == id).ExecuteDeleteAsync(token) > 0,
        cancellationToken);

    private static void Fill(ProviderRow row, ProviderDefinition provider, long now)
    {
        row.Name = provider.Name;
        row.Kind = (short)provider.Kind;
        row.Endpoint = provider.Endpoint?.AbsoluteUri;
        row.Models = JsonSerializer.Serialize(provider.Models, JsonSerializerOptions.Web);
        row.Enabled = provider.Enabled;
        row.Position = provider.Order;
        row.IsFallback = provider.IsFallback;
        row.UpdatedAt = now;
    }

    private static bool SameServer(string? stored, Uri? wanted) =>
        stored is null
            ? wanted is null
            : wanted is not null && new Uri(stored).GetLeftPart(UriPartial.Authority) == wanted.GetLeftPart(UriPartial.Authority);

    private ProviderDefinition Definition(ProviderRow row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Kind = (ProviderKind)row.Kind,
        Endpoint = row.Endpoint is null ? null : new Uri(row.Endpoint),
        ApiKey = Open(row),
        Models = JsonSerializer.Deserialize<List<ModelInfo>>(row.Models, JsonSerializerOptions.Web)!,
        Enabled = row.Enabled,
        Order = row.Position,
        IsFallback = row.IsFallback,
        Source = ProviderSource.Settings,
    };

    private Secret? Open(ProviderRow row)
    {
        if (row.SealedKey is null)
        {
            return null;
        }

        try
        {
            return new Secret(Protector(row.Id).Unprotect(row.SealedKey));
        }
        catch (CryptographicException error)
        {
            LogKeyUnreadable(row.Id, error);
            return null;
        }
    }

    /// <summary>A purpose of its own for each provider, so that a sealed key moved to another row does not open.</summary>
    private IDataProtector Protector(string id) => protection.CreateProtector("AgentLab.Providers", id);
}

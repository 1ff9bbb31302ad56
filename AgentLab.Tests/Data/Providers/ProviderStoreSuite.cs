using AgentLab.Core.Models;
using AgentLab.Tests.Data.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Data.Providers;

public abstract class ProviderStoreSuite<TFixture>(TFixture fixture)
    where TFixture : DatabaseFixture
{
    private const string Key = "sk-very-secret-key-1234";

    private IProviderStore Store => fixture.Services.GetRequiredService<IProviderStore>();

    [Fact]
    public async Task Save_NewProvider_ReadsBackWhole()
    {
        var provider = New() with
        {
            Models = [new ModelInfo("small", 0.25m, 2m, 128_000), new ModelInfo("unpriced")],
            Enabled = false,
            Order = 7,
            IsFallback = true,
        };

        await Store.SaveAsync(provider, SecretChange.Replace(new Secret(Key)), default);

        (await FindAsync(provider.Id)).ShouldBe(provider with { ApiKey = new Secret(Key) });
    }

    [Fact]
    public async Task Save_KeepReplaceRemove_DoesEachToTheKey()
    {
        var provider = New();
        await Store.SaveAsync(provider, SecretChange.Replace(new Secret(Key)), default);

        await Store.SaveAsync(provider with { Name = "Renamed", ApiKey = null }, SecretChange.Keep, default);
        var kept = await FindAsync(provider.Id);
        await Store.SaveAsync(provider, SecretChange.Replace(new Secret("another-key")), default);
        var replaced = await FindAsync(provider.Id);
        await Store.SaveAsync(provider, SecretChange.Remove, default);
        var removed = await FindAsync(provider.Id);

        (kept!.Name, kept.ApiKey).ShouldBe(("Renamed", new Secret(Key)));
        replaced!.ApiKey.ShouldBe(new Secret("another-key"));
        removed!.ApiKey.ShouldBeNull();
    }

    [Fact]
    public async Task Save_EndpointMovedToAnotherServer_DoesNotTakeTheKeyAlong()
    {
        var provider = New();
        await Store.SaveAsync(provider, SecretChange.Replace(new Secret(Key)), default);

        await Store.SaveAsync(provider with { Endpoint = new Uri("https://models.example/v2") }, SecretChange.Keep, default);
        var samePlace = await FindAsync(provider.Id);
        await Store.SaveAsync(provider with { Endpoint = new Uri("https://elsewhere.example/v1") }, SecretChange.Keep, default);
        var elsewhere = await FindAsync(provider.Id);

        samePlace!.ApiKey.ShouldBe(new Secret(Key));
        elsewhere!.ApiKey.ShouldBeNull();
    }

    [Fact]
    public async Task Save_WithAKey_StoresItNowhereInClear()
    {
        var provider = New();
        await Store.SaveAsync(provider, SecretChange.Replace(new Secret(Key)), default);

        await using var connection = await fixture.Connections.OpenReadAsync(default);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT sealed_key, models, endpoint FROM providers";
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            for (var column = 0; column < reader.FieldCount; column++)
            {
                $"{reader.GetValue(column)}".ShouldNotContain(Key);
            }
        }
    }

    [Fact]
    public async Task Save_SealedKeyMovedToAnotherProvider_DoesNotOpen()
    {
        var (one, other) = (New(), New());
        await Store.SaveAsync(one, SecretChange.Replace(new Secret(Key)), default);
        await Store.SaveAsync(other, SecretChange.Remove, default);

        using (await fixture.Gate.EnterAsync(default))
        {
            await using var connection = await fixture.Connections.OpenWriteAsync(default);
            await using var command = connection.CreateCommand();
            command.CommandText =
                $"UPDATE providers SET sealed_key = (SELECT p.sealed_key FROM providers p WHERE p.id = '{one.Id}') WHERE id = '{other.Id}'";
            await command.ExecuteNonQueryAsync();
        }

        (await FindAsync(other.Id))!.ApiKey.ShouldBeNull();
    }

    [Fact]
    public async Task Delete_Twice_SaysWhetherThereWasOne()
    {
        var provider = New();
        await Store.SaveAsync(provider, SecretChange.Keep, default);

        (await Store.DeleteAsync(provider.Id, default)).ShouldBeTrue();
        (await Store.DeleteAsync(provider.Id, default)).ShouldBeFalse();
        (await FindAsync(provider.Id)).ShouldBeNull();
    }

    private static ProviderDefinition New() => new()
    {
        Id = $"p-{Guid.NewGuid():N}",
        Name = "Example",
        Endpoint = new Uri("https://models.example/v1"),
    };

    private async Task<ProviderDefinition?> FindAsync(string id) =>
        (await Store.ListAsync(default)).SingleOrDefault(provider => provider.Id == id);
}

public sealed class SqliteProviderStoreTests(SqliteFixture fixture) : ProviderStoreSuite<SqliteFixture>(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgreSqlProviderStoreTests(PostgreSqlFixture fixture)
    : ProviderStoreSuite<PostgreSqlFixture>(fixture), IClassFixture<PostgreSqlFixture>;

[NeedsSqlServer]
public sealed class SqlServerProviderStoreTests(SqlServerFixture fixture)
    : ProviderStoreSuite<SqlServerFixture>(fixture), IClassFixture<SqlServerFixture>;

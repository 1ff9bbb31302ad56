using AgentLab.Data;
using AgentLab.Data.Databases;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Data.Databases;

/// <summary>
/// A fresh, migrated database of its own with the whole of AgentLab's storage on it: an xunit class fixture, or made by hand in a
/// test. A contract suite is an abstract class over this one with a one-line subclass for each database.
/// </summary>
public abstract class DatabaseFixture : IAsyncLifetime
{
    private ServiceProvider? _provider;

    /// <summary>The database that runs.</summary>
    public abstract DatabaseKind Kind { get; }

    /// <summary>The data directory, below the temporary folder; deleted afterwards.</summary>
    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "agentlab-tests", Guid.NewGuid().ToString("N"));

    /// <summary>The services of the started storage.</summary>
    public IServiceProvider Services => _provider ?? throw new InvalidOperationException("The fixture was not initialised.");

    /// <summary>Reads and writes.</summary>
    public LabDatabase Database => Services.GetRequiredService<LabDatabase>();

    /// <summary>Connections for raw SQL.</summary>
    public ILabConnections Connections => Services.GetRequiredService<ILabConnections>();

    /// <summary>The write gate.</summary>
    public WriteGate Gate => Services.GetRequiredService<WriteGate>();

    /// <summary>The settings that lead to this database, for a host under test (after <see cref="StopAsync"/> on SQLite).</summary>
    public virtual Dictionary<string, string?> Settings => new()
    {
        ["AgentLab:DataDirectory"] = Folder,
        ["AgentLab:Database:Provider"] = Kind.ToString(),
    };

    /// <summary>Makes the database and starts the storage.</summary>
    public async Task InitializeAsync()
    {
        await CreateAsync();
        await StartAsync();
    }

    /// <summary>Stops the storage and removes the database.</summary>
    public async Task DisposeAsync()
    {
        await StopAsync();
        await DropAsync();
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>Starts the storage on this database, after <see cref="StopAsync"/>: as a restart of the program.</summary>
    public async Task StartAsync()
    {
        _provider = Build();
        try
        {
            await _provider.GetRequiredService<DatabaseStart>().StartingAsync(CancellationToken.None);
        }
        catch
        {
            await _provider.DisposeAsync();
            _provider = null;
            throw;
        }
    }

    /// <summary>Stops the storage as the host does; the database stays.</summary>
    public async Task StopAsync()
    {
        if (_provider is not { } provider)
        {
            return;
        }

        _provider = null;
        await provider.GetRequiredService<DatabaseStart>().StoppedAsync(CancellationToken.None);
        await provider.DisposeAsync();
    }

    /// <summary>A second set of services on the same database, not started.</summary>
    public ServiceProvider Build(IEnumerable<KeyValuePair<string, string?>>? more = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Settings).AddInMemoryCollection(more ?? []).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging();
        services.AddAgentLabData(configuration);
        Configure(services, configuration);
        return services.BuildServiceProvider();
    }

    /// <summary>Adds what a suite needs beyond the storage.</summary>
    protected virtual void Configure(IServiceCollection services, IConfiguration configuration)
    {
    }

    /// <summary>Makes what must be there before the storage starts.</summary>
    protected virtual Task CreateAsync() => Task.CompletedTask;

    /// <summary>Removes the database.</summary>
    protected virtual Task DropAsync() => Task.CompletedTask;
}

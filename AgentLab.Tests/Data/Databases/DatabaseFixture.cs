using AgentLab.Data;
using AgentLab.Data.Databases;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentLab.Tests.Data.Databases;

/// <summary>
/// A fresh, migrated database of its own with the whole of AgentLab's storage on it: an xunit class fixture, or made by hand in a
/// test. A contract suite is an abstract class over this one with a one-line subclass for each database.
/// </summary>
public abstract class DatabaseFixture : IAsyncLifetime
{
    private IHost? _host;

    /// <summary>The database that runs.</summary>
    public abstract DatabaseKind Kind { get; }

    /// <summary>The data directory, below the temporary folder; deleted afterwards.</summary>
    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "agentlab-tests", Guid.NewGuid().ToString("N"));

    /// <summary>The services of the started storage.</summary>
    public IServiceProvider Services => _host?.Services ?? throw new InvalidOperationException("The fixture was not initialised.");

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

    /// <summary>Makes ready without starting: for tests that start several hosts themselves.</summary>
    public Task PrepareAsync() => CreateAsync();

    /// <summary>Stops the storage and removes the database.</summary>
    public virtual async Task DisposeAsync()
    {
        await StopAsync();
        await DropAsync();
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>Starts the storage on this database, after <see cref="StopAsync"/>: as a restart of the program.</summary>
    public async Task StartAsync(params KeyValuePair<string, string?>[] more)
    {
        var host = Build(more);
        try
        {
            await host.StartAsync();
            _host = host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>Stops the storage as the program does; the database stays.</summary>
    public async Task StopAsync()
    {
        if (_host is not { } host)
        {
            return;
        }

        _host = null;
        await host.StopAsync();
        await DisposeHostAsync(host);
    }

    /// <summary>Ends without a word to the database, as near as a process can to being killed and going on.</summary>
    public async Task AbandonAsync()
    {
        if (_host is { } host)
        {
            _host = null;
            await DisposeHostAsync(host);
        }
    }

    /// <summary>Another host on the same database, not started; dispose it.</summary>
    public IHost Build(params KeyValuePair<string, string?>[] more)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(Settings).AddInMemoryCollection(more);
        builder.Services.AddLogging().AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddAgentLabData(builder.Configuration);
        Configure(builder.Services, builder.Configuration);
        return builder.Build();
    }

    /// <summary>Adds what a suite needs beyond the storage.</summary>
    protected virtual void Configure(IServiceCollection services, IConfiguration configuration)
    {
    }

    /// <summary>Makes what must be there before the storage starts.</summary>
    protected virtual Task CreateAsync() => Task.CompletedTask;

    /// <summary>Removes the database.</summary>
    protected virtual Task DropAsync() => Task.CompletedTask;

    private static ValueTask DisposeHostAsync(IHost host) => ((IAsyncDisposable)host).DisposeAsync();

    /// <summary>Does not listen to the signals of the test process.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

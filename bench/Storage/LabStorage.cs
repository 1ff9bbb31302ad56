using AgentLab.Core.Sessions;
using AgentLab.Data;
using AgentLab.Data.Databases;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentLab.Bench.Storage;

/// <summary>AgentLab's own storage on a fresh SQLite file, started as the program starts it, in a folder that is removed afterwards.</summary>
internal sealed class LabStorage : IAsyncDisposable
{
    private readonly IHost _host;
    private bool _stopped;

    private LabStorage(IHost host, string folder) => (_host, Folder) = (host, folder);

    public string Folder { get; }

    public string File => Path.Combine(Folder, "agentlab.db");

    public ISessionLog Log => _host.Services.GetRequiredService<ISessionLog>();

    public ISessionFeed Feed => _host.Services.GetRequiredService<ISessionFeed>();

    public ISessionReader Reader => _host.Services.GetRequiredService<ISessionReader>();

    public ILabConnections Connections => _host.Services.GetRequiredService<ILabConnections>();

    public static async Task<LabStorage> StartAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(options.Directory, "agentlab-bench", Guid.NewGuid().ToString("N"));
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["AgentLab:DataDirectory"] = folder });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole();
        builder.Services.AddAgentLabData(builder.Configuration);
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new LabStorage(host, folder);
    }

    /// <summary>Makes sessions, each with a run that is going on.</summary>
    public async Task<(SessionId Session, RunId Run)[]> CreateSessionsAsync(int count, CancellationToken cancellationToken)
    {
        var sessions = new (SessionId, RunId)[count];
        for (var i = 0; i < count; i++)
        {
            sessions[i] = await SessionMaker.CreateAsync(Log, Guid.Empty, cancellationToken);
        }

        return sessions;
    }

    /// <summary>Ends it as the program ends; the folder stays until it is disposed.</summary>
    public async Task StopAsync()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }
}

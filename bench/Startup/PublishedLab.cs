using System.Diagnostics;
using AgentLab.Bench.Fanout;
using AgentLab.Bench.Measure;
using AgentLab.Bench.Storage;
using AgentLab.Core.Sessions;

namespace AgentLab.Bench.Startup;

/// <summary>The published program beside a data directory with a long session in it.</summary>
internal sealed class PublishedLab : IAsyncDisposable
{
    private readonly string _folder;
    private readonly LabStorage _storage;

    private PublishedLab(string folder, LabStorage storage, SessionId session, long head) =>
        (_folder, _storage, Session, Head) = (folder, storage, session, head);

    /// <summary>The long session.</summary>
    public SessionId Session { get; }

    public long Head { get; }

    private string Assembly => Path.Combine(_folder, "AgentLab.Web.dll");

    /// <summary>Publishes the program (Release, framework-dependent) and writes the session.</summary>
    public static async Task<PublishedLab> MakeAsync(BenchOptions options, int events, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(options.Directory, "agentlab-bench", "published-" + Guid.NewGuid().ToString("N"));
        using var publish = Process.Start(new ProcessStartInfo(
            "dotnet", ["publish", Path.Combine(Repository.Root, "AgentLab.Web"), "-c", "Release", "-o", folder, "-v", "q", "-nologo"])
        {
            RedirectStandardOutput = true,
        })!;
        var output = publish.StandardOutput.ReadToEndAsync(cancellationToken);
        await publish.WaitForExitAsync(cancellationToken);
        if (publish.ExitCode != 0)
        {
            throw new InvalidOperationException($"The program could not be published:\n{await output}");
        }

        var storage = await LabStorage.StartAsync(options, cancellationToken);
        var (session, head) = await SessionHistory.WriteAsync(storage.Log, events, cancellationToken);
        await storage.StopAsync();
        return new PublishedLab(folder, storage, session, head);
    }

    /// <summary>Starts the program on it.</summary>
    /// <param name="more">Further settings and variables; null for none.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public Task<LabProcess> StartAsync(IReadOnlyDictionary<string, string?>? more, CancellationToken cancellationToken)
    {
        var settings = LabServer.Settings(_storage.Folder);
        foreach (var (name, value) in more ?? new Dictionary<string, string?>())
        {
            settings[name] = value;
        }

        settings["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        settings["DOTNET_ENVIRONMENT"] = "Production";
        return LabProcess.StartAsync(Assembly, [], settings, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

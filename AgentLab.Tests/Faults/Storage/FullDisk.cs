using System.Data.Common;
using System.Diagnostics;
using AgentLab.Data.Databases;
using AgentLab.Data.Databases.Sqlite;
using AgentLab.Tests.Data.Databases;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Faults.Storage;

/// <summary>
/// SQLite on a disk of 12 MB: a memory file system of its own where the tests may mount one; elsewhere SQLite itself is told to stop at that size, which ends
/// in the same error.
/// </summary>
public sealed class FullDisk : SqliteFixture
{
    private const int Megabytes = 12;
    private const int PageBytes = 4096;
    private const int Roomy = 10;

    private long _maxPages = Megabytes * 1024L * 1024 / PageBytes;

    /// <summary>Whether it is a real file system.</summary>
    public bool Mounted { get; private set; }

    /// <summary>Makes room.</summary>
    public void Free()
    {
        _maxPages *= Roomy;
        if (Mounted)
        {
            Mount($"remount,size={Megabytes * Roomy}m").ShouldBeTrue();
        }
    }

    protected override Task CreateAsync()
    {
        Directory.CreateDirectory(Folder);
        Mounted = Environment.IsPrivilegedProcess && Mount($"size={Megabytes}m");
        return Task.CompletedTask;
    }

    protected override Task DropAsync()
    {
        if (Mounted)
        {
            // Lazily: a pooled connection may still hold the file.
            Run("umount", "-l", Folder).ShouldBeTrue();
        }

        return Task.CompletedTask;
    }

    protected override void Configure(IServiceCollection services, IConfiguration configuration)
    {
        if (!Mounted)
        {
            var made = services.Last(s => s.ServiceType == typeof(ILabConnections)).ImplementationFactory!;
            services.AddSingleton<ILabConnections>(p => new Bounded((ILabConnections)made(p), this));
        }
    }

    private bool Mount(string options) => Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", Folder);

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    /// <summary>Connections that may not let the file grow.</summary>
    private sealed class Bounded(ILabConnections inner, FullDisk disk) : ILabConnections
    {
        public DatabaseKind Kind => inner.Kind;

        public ValueTask<DbConnection> OpenReadAsync(CancellationToken cancellationToken) => inner.OpenReadAsync(cancellationToken);

        public async ValueTask<DbConnection> OpenWriteAsync(CancellationToken cancellationToken)
        {
            var connection = await inner.OpenWriteAsync(cancellationToken);
            SqlitePragmas.Execute(connection, $"PRAGMA max_page_count={disk._maxPages}");
            return connection;
        }

        public void AfterCommit(DbConnection writer) => inner.AfterCommit(writer);
    }
}

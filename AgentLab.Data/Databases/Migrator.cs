using System.Data.Common;
using System.Net.Sockets;
using AgentLab.Data.Databases.Sqlite;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AgentLab.Data.Databases;

/// <summary>Brings the database to the schema of this program, one process at a time, or refuses it with a sentence.</summary>
internal sealed partial class Migrator(
    LabContexts contexts, IOptions<DatabaseOptions> options, TimeProvider clock, ILogger<Migrator> logger)
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);

    /// <summary>Applies what is missing. On SQLite the caller holds the data directory.</summary>
    /// <exception cref="LabStartupException">The database is too new, missing, or not migrated while migrating is switched off.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var context = contexts.CreateForMigration();
        await EnsureExistsAsync(context, cancellationToken);
        await context.Database.OpenConnectionAsync(cancellationToken);
        await StartLock.EnterAsync(context, contexts.Kind, cancellationToken);
        try
        {
            await ApplyAsync(context, cancellationToken);
        }
        finally
        {
            await StartLock.LeaveAsync(context, contexts.Kind);
            await context.Database.CloseConnectionAsync();
        }
    }

    private async Task ApplyAsync(LabDbContext context, CancellationToken cancellationToken)
    {
        var applied = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        var oldest = applied.Count > 0 ? await InstanceRows.GetAsync(context, InstanceRow.MinProgramVersion, cancellationToken) : null;
        RefuseNewer(oldest);
        var missing = (await context.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (missing.Count > 0)
        {
            RefuseUnlessSwitchedOn(missing);
            LogMigrating(missing.Count, missing[^1]);
            await context.Database.MigrateAsync(cancellationToken);
            await InstanceRows.SetAsync(context, InstanceRow.SchemaVersion, missing[^1], cancellationToken);
        }

        if (oldest is null || ProgramVersion.Parse(oldest) < ProgramVersion.Parse(ProgramVersion.OldestForSchema))
        {
            await InstanceRows.SetAsync(context, InstanceRow.MinProgramVersion, ProgramVersion.OldestForSchema, cancellationToken);
        }

        await context.SaveChangesAsync(cancellationToken);
    }

    private static void RefuseNewer(string? oldest)
    {
        if (oldest is not null && ProgramVersion.Parse(oldest) > ProgramVersion.Current)
        {
            throw new LabStartupException(
                LabStartupException.DatabaseTooNew,
                $"The database needs AgentLab {oldest} or later, and this is {ProgramVersion.Current}: start the newer program, or restore a backup made before the upgrade.");
        }
    }

    private void RefuseUnlessSwitchedOn(List<string> missing)
    {
        if (!options.Value.MigrateAtStart)
        {
            throw new LabStartupException(
                LabStartupException.DatabaseNotMigrated,
                $"The database lacks {missing.Count} migration(s), the last being {missing[^1]}, and AgentLab:Database:MigrateAtStart is false: apply them, or set it to true for one start.");
        }
    }

    private async Task EnsureExistsAsync(LabDbContext context, CancellationToken cancellationToken)
    {
        if (contexts.Kind == DatabaseKind.Sqlite)
        {
            PrepareFile(context);
            return;
        }

        var creator = context.GetService<IRelationalDatabaseCreator>();
        if (await ExistsAsync(creator, cancellationToken))
        {
            return;
        }

        if (!options.Value.MigrateAtStart)
        {
            throw Missing(null);
        }

        try
        {
            await creator.CreateAsync(cancellationToken);
        }
        catch (DbException error)
        {
            // Another node may have made it at the same moment.
            if (!await creator.ExistsAsync(cancellationToken))
            {
                throw Missing(error);
            }
        }
    }

    /// <summary>A server that is started together with the program gets half a minute to answer.</summary>
    private async Task<bool> ExistsAsync(IRelationalDatabaseCreator creator, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await creator.ExistsAsync(cancellationToken);
            }
            catch (Exception error) when (error is DbException or TimeoutException or SocketException)
            {
                // A refused sign-in does not become right by waiting.
                if (error is PostgresException { IsTransient: false } or SqlException { Number: 18456 } || clock.GetElapsedTime(began) > StartTime)
                {
                    throw Unreachable(error);
                }

                LogWaiting(contexts.Kind);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellationToken);
            }
        }
    }

    private LabStartupException Unreachable(Exception error) => new(
        LabStartupException.DatabaseUnreachable,
        $"{contexts.Kind} cannot be reached or refuses the sign-in: check that the server runs, and the host, port, user and password in AgentLab:Database:ConnectionString. It said: {error.Message}",
        error);

    private static LabStartupException Missing(DbException? error) => new(
        LabStartupException.DatabaseMissing,
        "The database does not exist and was not made: create it, or let AgentLab:Database's user create databases and leave MigrateAtStart on.",
        error);

    /// <summary>Makes the file, in WAL mode for good, and clears the lock of a migration that was killed.</summary>
    private static void PrepareFile(LabDbContext context)
    {
        context.Database.OpenConnection();
        try
        {
            // EF's own lock is a row, which outlives a killed process; the data directory's lock guards already.
            SqlitePragmas.Execute(
                context.Database.GetDbConnection(), "PRAGMA journal_mode=WAL; DROP TABLE IF EXISTS \"__EFMigrationsLock\";");
        }
        finally
        {
            context.Database.CloseConnection();
        }
    }
}

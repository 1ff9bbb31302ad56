using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Databases;

/// <summary>
/// Lets what nodes do at start happen one node after the other, on an open connection that belongs to the caller. On SQLite the lock of the data directory does that already.
/// </summary>
internal static class StartLock
{
    // Any fixed number serves; it only has to be the same in every AgentLab.
    private const long AdvisoryLock = 0x4167656E744C6162;

    public static Task EnterAsync(LabDbContext context, DatabaseKind kind, CancellationToken cancellationToken) => kind switch
    {
        DatabaseKind.PostgreSql => context.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({AdvisoryLock})", cancellationToken),
        DatabaseKind.SqlServer => context.Database.ExecuteSqlRawAsync(
            "EXEC sp_getapplock @Resource='agentlab_start', @LockMode='Exclusive', @LockOwner='Session', @LockTimeout=-1", cancellationToken),
        _ => Task.CompletedTask,
    };

    public static Task LeaveAsync(LabDbContext context, DatabaseKind kind) => kind switch
    {
        DatabaseKind.PostgreSql => context.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({AdvisoryLock})", CancellationToken.None),
        DatabaseKind.SqlServer => context.Database.ExecuteSqlRawAsync(
            "EXEC sp_releaseapplock @Resource='agentlab_start', @LockOwner='Session'", CancellationToken.None),
        _ => Task.CompletedTask,
    };
}

using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Databases;

/// <summary>Reads and writes through EF Core, with the rules of the configured database.</summary>
public sealed class LabDatabase
{
    private readonly LabContexts _contexts;
    private readonly WriteGate _gate;

    internal LabDatabase(LabContexts contexts, WriteGate gate)
    {
        _contexts = contexts;
        _gate = gate;
    }

    /// <summary>Which database this is.</summary>
    public DatabaseKind Kind => _contexts.Kind;

    /// <summary>Reads with a context of its own, without tracking.</summary>
    public async Task<T> ReadAsync<T>(Func<LabDbContext, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var context = _contexts.CreateDbContext();
        context.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return await read(context, cancellationToken);
    }

    /// <summary>
    /// Runs <paramref name="write"/> in one transaction, saves what it changed and commits. On SQLite it holds the write gate
    /// meanwhile: do nothing slow inside, and write with no other context (refused, since it would wait for itself).
    /// </summary>
    /// <remarks>
    /// On PostgreSQL and SQL Server a transient fault before the commit runs <paramref name="write"/> again with a fresh context, so
    /// it must have no effect outside the context.
    /// </remarks>
    /// <exception cref="CommitOutcomeUnknownException">The connection was lost during the commit: look before trying again.</exception>
    public Task<T> WriteAsync<T>(Func<LabDbContext, CancellationToken, Task<T>> write, CancellationToken cancellationToken) =>
        Kind == DatabaseKind.Sqlite ? WriteInGateAsync(write, cancellationToken) : WriteRetryingAsync(write, cancellationToken);

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Func<LabDbContext, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        WriteAsync(
            async (context, token) =>
            {
                await write(context, token);
                return true;
            },
            cancellationToken);

    private static async Task<T> InTransactionAsync<T>(
        LabDbContext context, Func<LabDbContext, CancellationToken, Task<T>> write, CancellationToken cancellationToken)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var result = await write(context, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception error) when (context.Database.IsNpgsql() || context.Database.IsSqlServer())
        {
            throw new CommitOutcomeUnknownException(error);
        }

        return result;
    }

    private async Task<T> WriteInGateAsync<T>(Func<LabDbContext, CancellationToken, Task<T>> write, CancellationToken cancellationToken)
    {
        ContextWrites.RefuseNested();
        await using var context = _contexts.CreateDbContext();
        using var scope = await new ContextWrites(_gate, _contexts.Connections).BeginAsync(context, cancellationToken);
        ContextWrites.Enclose(scope);
        return await InTransactionAsync(context, write, cancellationToken);
    }

    private async Task<T> WriteRetryingAsync<T>(Func<LabDbContext, CancellationToken, Task<T>> write, CancellationToken cancellationToken)
    {
        await using var strategist = _contexts.CreateDbContext();
        return await strategist.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                await using var context = _contexts.CreateDbContext();
                return await InTransactionAsync(context, write, token);
            },
            cancellationToken);
    }
}

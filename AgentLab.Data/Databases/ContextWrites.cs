using AgentLab.Data.Databases.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Databases;

/// <summary>Lets a context write on SQLite: inside the gate, on a connection that is writable only meanwhile.</summary>
internal sealed class ContextWrites(WriteGate gate, ILabConnections connections)
{
    private static readonly AsyncLocal<Scope?> Ambient = new();

    public Scope Begin(LabDbContext context)
    {
        RefuseNested();
        var lease = gate.Enter();
        try
        {
            context.Database.OpenConnection();
            return new Scope(context, lease, connections);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    public async ValueTask<Scope> BeginAsync(LabDbContext context, CancellationToken cancellationToken)
    {
        RefuseNested();
        var lease = await gate.EnterAsync(cancellationToken);
        try
        {
            await context.Database.OpenConnectionAsync(cancellationToken);
            return new Scope(context, lease, connections);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Marks the calling flow as inside <paramref name="scope"/>, so that a second context that would wait for ever is refused.</summary>
    public static void Enclose(Scope scope) => Ambient.Value = scope;

    public static void RefuseNested()
    {
        if (Ambient.Value is { Ended: false })
        {
            throw new InvalidOperationException("A write inside a write would wait for itself: use the context that WriteAsync handed you.");
        }
    }

    public sealed class Scope : IDisposable
    {
        private readonly LabDbContext _context;
        private readonly WriteLease _lease;
        private readonly ILabConnections _connections;

        public Scope(LabDbContext context, WriteLease lease, ILabConnections connections)
        {
            (_context, _lease, _connections) = (context, lease, connections);
            SqlitePragmas.AllowWrites(context.Database.GetDbConnection(), true);
            context.Writing = true;
        }

        public bool Ended { get; private set; }

        public void Dispose()
        {
            if (Ended)
            {
                return;
            }

            Ended = true;
            _context.Writing = false;
            var connection = _context.Database.GetDbConnection();
            try
            {
                _connections.AfterCommit(connection);
                SqlitePragmas.AllowWrites(connection, false);
                _context.Database.CloseConnection();
            }
            finally
            {
                _lease.Dispose();
            }
        }
    }
}

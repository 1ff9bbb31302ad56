using System.Globalization;
using System.Threading.Channels;
using AgentLab.Bench.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AgentLab.Bench.Workflows;

/// <summary>
/// The reference: an endpoint of Kestrel that makes the same appends, one after the other as a run makes them, through the raw driver. One writer takes what waits and commits it
/// as one transaction. It encodes nothing, hashes nothing and decides nothing.
/// </summary>
internal sealed class BareHook : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly RecordedAppends _recorded;
    private readonly SqliteConnection _connection;
    private readonly Task _writer;
    private long _keys = 1_000_000;

    private BareHook(WebApplication app, string file, RecordedAppends recorded)
    {
        (_app, _recorded) = (app, recorded);
        _connection = RawSqlite.Open(file);
        _writer = Task.Run(WriteAsync);
    }

    public int Port => new Uri(_app.Urls.First()).Port;

    /// <summary>Starts it on a database file that has AgentLab's tables.</summary>
    public static async Task<BareHook> StartAsync(string file, RecordedAppends recorded, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var hook = new BareHook(app, file, recorded);
        app.MapPost("/hooks/bench", hook.AnswerAsync);
        await app.StartAsync(cancellationToken);
        return hook;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _queue.Writer.Complete();
        await _writer;
        await _connection.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var key = Interlocked.Increment(ref _keys);
        for (var number = 0; number < _recorded.Appends.Count; number++)
        {
            var pending = new Pending(key, number);
            await _queue.Writer.WriteAsync(pending, context.RequestAborted);
            await pending.Done.Task;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
    }

    private async Task WriteAsync()
    {
        using var statements = new Statements(_connection, _recorded);
        var batch = new List<Pending>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < 512 && _queue.Reader.TryRead(out var pending))
            {
                batch.Add(pending);
            }

            statements.Write(batch);
            foreach (var pending in batch)
            {
                pending.Done.SetResult();
            }

            batch.Clear();
        }
    }

    private sealed record Pending(long Key, int Number)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Prepared statements for the recorded rows.</summary>
    private sealed class Statements : IDisposable
    {
        private readonly RecordedAppends _recorded;
        private readonly SqliteCommand _begin;
        private readonly SqliteCommand _commit;
        private readonly SqliteCommand _session;
        private readonly SqliteCommand _run;
        private readonly SqliteCommand _event;
        private readonly SqliteCommand _head;
        private readonly SqliteCommand _end;
        private readonly int _sequence;
        private readonly int _hash;

        public Statements(SqliteConnection connection, RecordedAppends recorded)
        {
            _recorded = recorded;
            _begin = RawSqlite.Prepare(connection, "BEGIN IMMEDIATE", 0);
            _commit = RawSqlite.Prepare(connection, "COMMIT", 0);
            _session = Insert(connection, "sessions", recorded.Session);
            _run = Insert(connection, "runs", recorded.Run);
            _event = Insert(connection, "session_events", recorded.Appends[0][0]);
            _head = RawSqlite.Prepare(connection, "UPDATE sessions SET head = @p1, head_hash = @p2, updated_at = @p3 WHERE row_key = @p0", 4);
            _end = RawSqlite.Prepare(connection, "UPDATE runs SET status = 2, ended_at = @p1, steps = 5 WHERE row_key = @p0", 2);
            var columns = recorded.Appends[0][0].Columns;
            (_sequence, _hash) = (Array.IndexOf(columns, "sequence"), Array.IndexOf(columns, "hash"));
        }

        public void Write(List<Pending> batch)
        {
            _begin.ExecuteNonQuery();
            foreach (var pending in batch)
            {
                Write(pending);
            }

            _commit.ExecuteNonQuery();
        }

        public void Dispose()
        {
            foreach (var command in new[] { _begin, _commit, _session, _run, _event, _head, _end })
            {
                command.Dispose();
            }
        }

        private static SqliteCommand Insert(SqliteConnection connection, string table, RowShape row) => RawSqlite.Prepare(
            connection,
            $"INSERT INTO {table} ({string.Join(", ", row.Columns)}) VALUES ({string.Join(", ", row.Columns.Select((_, i) => $"@p{i}"))})",
            row.Columns.Length);

        private void Write(Pending pending)
        {
            if (pending.Number == 0)
            {
                Execute(_session, _recorded.Session, pending.Key);
                Execute(_run, _recorded.Run, pending.Key);
            }

            var rows = _recorded.Appends[pending.Number];
            foreach (var row in rows)
            {
                Execute(_event, row, pending.Key);
            }

            var last = rows[^1];
            Execute(_head, pending.Key, last.Values[_sequence], last.Values[_hash], pending.Key);
            if (pending.Number == _recorded.Appends.Count - 1)
            {
                Execute(_end, pending.Key, pending.Key);
            }
        }

        private static void Execute(SqliteCommand command, RowShape row, long key)
        {
            for (var i = 0; i < row.Columns.Length; i++)
            {
                command.Parameters[i].Value = row.Columns[i] switch
                {
                    "row_key" or "session_key" => key,
                    "id" => row.Columns.Contains("session_key") ? Guid.CreateVersion7() : string.Create(CultureInfo.InvariantCulture, $"bench-{key}"),
                    _ => row.Values[i],
                };
            }

            command.ExecuteNonQuery();
        }

        private static void Execute(SqliteCommand command, params object[] values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters[i].Value = values[i];
            }

            command.ExecuteNonQuery();
        }
    }
}

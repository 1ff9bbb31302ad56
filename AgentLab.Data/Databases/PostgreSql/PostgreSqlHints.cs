using System.Text;
using AgentLab.Core.Hosting.Hints;
using AgentLab.Core.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AgentLab.Data.Databases.PostgreSql;

/// <summary>
/// Hints by NOTIFY. What waits is gathered and sent in one notification, on a connection of its own and after the commit that it is about: within that transaction its lock would let
/// only one node commit at a time. Another connection listens; when it breaks it is opened anew, and everybody is told that hints may have been lost.
/// </summary>
internal sealed partial class PostgreSqlHints(IOptions<DatabaseOptions> options, NodeIdentity node, TimeProvider time, ILogger<PostgreSqlHints> logger) : BackgroundService, IHints
{
    private const string Channel = "agentlab_hints";

    /// <summary>PostgreSQL takes less than 8,000 bytes in a notification.</summary>
    private const int MostBytes = 7_500;

    /// <summary>More than waits while the line is up; when it is down hints are worth nothing.</summary>
    private const int MostWaiting = 10_000;

    private const int KeepAliveSeconds = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _hasMail = new(0, 1);
    private readonly List<Action<Hint>> _receivers = [];
    private Dictionary<(HintKind Kind, string Key), long> _waiting = [];
    private volatile bool _others = true;
    private volatile bool _listening;

    // Other than the node's id this never changes: it tells the process's own notifications from those of others.
    private readonly string _sender = node.Id;

    private bool IsOn => options.Value.Provider == DatabaseKind.PostgreSql;

    /// <inheritdoc />
    public HintState State => _listening ? HintState.Connected : HintState.Away;

    /// <inheritdoc />
    public bool Others
    {
        get => _others;
        set => _others = value;
    }

    /// <inheritdoc />
    public void Send(Hint hint)
    {
        // That a node came must be heard by those who think that they are alone.
        if (!_others && hint.Kind != HintKind.Nodes)
        {
            return;
        }

        lock (_lock)
        {
            if (_waiting.Count >= MostWaiting)
            {
                _waiting.Clear();
            }

            var key = (hint.Kind, hint.Key);
            _waiting[key] = _waiting.TryGetValue(key, out var number) ? Math.Max(number, hint.Number) : hint.Number;
            if (_hasMail.CurrentCount == 0)
            {
                _hasMail.Release();
            }
        }
    }

    /// <inheritdoc />
    public IDisposable Listen(Action<Hint> receiver)
    {
        lock (_lock)
        {
            _receivers.Add(receiver);
        }

        return new Listener(this, receiver);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _hasMail.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => IsOn
        ? Task.WhenAll(LiveAsync(ListenAsync, stoppingToken), LiveAsync(SendAsync, stoppingToken))
        : Task.CompletedTask;

    /// <summary>Works on a connection of its own, and on another one when that breaks.</summary>
    private async Task LiveAsync(Func<NpgsqlConnection, Action, CancellationToken, Task> work, CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString());
                await connection.OpenAsync(stoppingToken);
                await work(connection, () => pause = FirstPause, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogAway(e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task ListenAsync(NpgsqlConnection connection, Action works, CancellationToken cancellationToken)
    {
        connection.Notification += (_, notification) => Receive(notification.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        try
        {
            works();
            _listening = true;
            Tell(new Hint(HintKind.Gap, string.Empty));
            while (true)
            {
                await connection.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            _listening = false;
        }
    }

    private async Task SendAsync(NpgsqlConnection connection, Action works, CancellationToken cancellationToken)
    {
        await using var notify = new NpgsqlCommand("SELECT pg_notify($1, $2)", connection);
        notify.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Channel });
        var payload = new NpgsqlParameter<string>();
        notify.Parameters.Add(payload);
        while (true)
        {
            await _hasMail.WaitAsync(cancellationToken);
            foreach (var text in Take())
            {
                payload.TypedValue = text;
                await notify.ExecuteNonQueryAsync(cancellationToken);
            }

            works();
        }
    }

    /// <summary>What waits, in as few notifications as hold it.</summary>
    private IEnumerable<string> Take()
    {
        Dictionary<(HintKind Kind, string Key), long> taken;
        lock (_lock)
        {
            (taken, _waiting) = (_waiting, []);
        }

        var text = new StringBuilder(_sender);
        foreach (var ((kind, key), number) in taken)
        {
            var line = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\n{(int)kind} {number} {key}");
            if (Encoding.UTF8.GetByteCount(line) + Encoding.UTF8.GetByteCount(text.ToString()) > MostBytes)
            {
                yield return text.ToString();
                text.Clear().Append(_sender);
            }

            text.Append(line);
        }

        if (taken.Count > 0)
        {
            yield return text.ToString();
        }
    }

    private void Receive(string payload)
    {
        var lines = payload.Split('\n');
        if (lines[0] == _sender)
        {
            return;
        }

        foreach (var line in lines.AsSpan(1))
        {
            // A node of another version may send what this one does not know.
            var parts = line.Split(' ', 3);
            if (parts.Length == 3 && int.TryParse(parts[0], out var kind) && Enum.IsDefined((HintKind)kind) && long.TryParse(parts[1], out var number))
            {
                Tell(new Hint((HintKind)kind, parts[2], number));
            }
        }
    }

    private void Tell(Hint hint)
    {
        Action<Hint>[] receivers;
        lock (_lock)
        {
            receivers = [.. _receivers];
        }

        foreach (var receiver in receivers)
        {
            receiver(hint);
        }
    }

    private string ConnectionString() => new NpgsqlConnectionStringBuilder(PostgreSqlLabConnections.ConnectionString(options.Value))
    {
        Pooling = false,
        KeepAlive = KeepAliveSeconds,
        ApplicationName = "AgentLab hints",
    }.ConnectionString;

    private sealed class Listener(PostgreSqlHints hints, Action<Hint> receiver) : IDisposable
    {
        public void Dispose()
        {
            lock (hints._lock)
            {
                hints._receivers.Remove(receiver);
            }
        }
    }
}

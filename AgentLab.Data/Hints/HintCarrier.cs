using System.Globalization;
using System.Text;
using AgentLab.Core.Hosting.Hints;
using AgentLab.Core.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Hints;

/// <summary>
/// What every way of carrying hints has in common: what waits is gathered and sent in as few messages as hold it, a node does not hear itself, and whoever listens is told when hints
/// may have been lost. A message is the sender's mark and a line for each hint: kind, number, key.
/// </summary>
internal abstract partial class HintCarrier(NodeIdentity node, ILogger logger) : BackgroundService, IHints
{
    /// <summary>More than waits while the line is up; when it is down hints are worth nothing.</summary>
    private const int MostWaiting = 10_000;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _hasMail = new(0, 1);
    private readonly List<Action<Hint>> _receivers = [];
    private Dictionary<(HintKind Kind, string Key), long> _waiting = [];
    private volatile bool _others = true;
    private volatile bool _arrive;

    // Other than the node's id this never changes: it tells the process's own messages from those of others.
    private readonly string _sender = node.Id;

    /// <inheritdoc />
    public HintState State => _arrive ? HintState.Connected : HintState.Away;

    /// <inheritdoc />
    public bool Others
    {
        get => _others;
        set => _others = value;
    }

    /// <summary>The most bytes of a message.</summary>
    protected abstract int MostBytes { get; }

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

    /// <summary>Hints arrive from now on; those from before may have been lost.</summary>
    protected void Arrive()
    {
        _arrive = true;
        Tell(new Hint(HintKind.Gap, string.Empty));
    }

    /// <summary>Hints arrive no more.</summary>
    protected void Stay() => _arrive = false;

    /// <summary>Says once more why hints do not travel.</summary>
    protected void Complain(Exception? exception) => LogAway(exception);

    /// <summary>Waits until there is something to send, and takes all of it, in as few messages as hold it.</summary>
    protected async Task<IReadOnlyList<string>> TakeAsync(CancellationToken cancellationToken)
    {
        await _hasMail.WaitAsync(cancellationToken);
        Dictionary<(HintKind Kind, string Key), long> taken;
        lock (_lock)
        {
            (taken, _waiting) = (_waiting, []);
        }

        return [.. Messages(taken)];
    }

    /// <summary>Hands over what another node sent. A node of another version may send what this one does not know: that is passed over.</summary>
    protected void Receive(string message)
    {
        var lines = message.Split('\n');
        if (lines[0] == _sender)
        {
            return;
        }

        foreach (var line in lines.AsSpan(1))
        {
            var parts = line.Split(' ', 3);
            if (parts.Length == 3 && int.TryParse(parts[0], out var kind) && Enum.IsDefined((HintKind)kind) && long.TryParse(parts[1], out var number))
            {
                Tell(new Hint((HintKind)kind, parts[2], number));
            }
        }
    }

    private IEnumerable<string> Messages(Dictionary<(HintKind Kind, string Key), long> hints)
    {
        var text = new StringBuilder(_sender);
        var bytes = Encoding.UTF8.GetByteCount(_sender);
        var first = bytes;
        foreach (var ((kind, key), number) in hints)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"\n{(int)kind} {number} {key}");
            var more = Encoding.UTF8.GetByteCount(line);
            if (bytes + more > MostBytes && bytes > first)
            {
                yield return text.ToString();
                text.Clear().Append(_sender);
                bytes = first;
            }

            text.Append(line);
            bytes += more;
        }

        if (bytes > first)
        {
            yield return text.ToString();
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

    [LoggerMessage(LogLevel.Warning, "Hints between the nodes do not travel just now; the nodes look for themselves about every second. Trying again")]
    private partial void LogAway(Exception? exception);

    private sealed class Listener(HintCarrier hints, Action<Hint> receiver) : IDisposable
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

using System.Text;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Agents.Runs;

/// <summary>
/// Gathers the words of an answer and appends what has come every 40 ms as one <c>model.delta</c>, beside the reading of the model's stream: a slow commit makes
/// larger deltas, not a slower stream.
/// </summary>
internal sealed class DeltaWriter : IAsyncDisposable
{
    private const int MaxCharacters = 8 * 1024;

    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(40);

    private readonly StepJournal _journal;
    private readonly string _stepId;
    private readonly int _attempt;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cancellation;
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly Task _loop;
    private bool _ended;

    public DeltaWriter(StepJournal journal, string stepId, int attempt, TimeProvider time, CancellationToken cancellation)
    {
        (_journal, _stepId, _attempt, _time, _cancellation) = (journal, stepId, attempt, time, cancellation);
        _loop = Task.Run(WriteAllAsync, CancellationToken.None);
    }

    /// <summary>Adds words.</summary>
    /// <exception cref="RunLostException">The run belongs to another node.</exception>
    public void Add(string text)
    {
        if (_loop.IsFaulted)
        {
            _loop.GetAwaiter().GetResult();
        }

        lock (_lock)
        {
            _text.Append(text);
        }

        _arrived.Release();
    }

    /// <summary>Drops what is not written yet: <c>model.completed</c> holds the whole answer.</summary>
    public async Task EndAsync()
    {
        Stop(drop: true);
        await _loop;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Stop(drop: false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _arrived.Dispose();
    }

    private void Stop(bool drop)
    {
        lock (_lock)
        {
            _ended = true;
            if (drop)
            {
                _text.Clear();
            }
        }

        _arrived.Release();
    }

    private async Task WriteAllAsync()
    {
        while (true)
        {
            await _arrived.WaitAsync(_cancellation);
            if (!_ended)
            {
                await Task.Delay(Gather, _time, _cancellation);
            }

            foreach (var part in Take())
            {
                await _journal.AppendAsync([_journal.Event(new ModelDelta(part), _stepId, _attempt)], [], _cancellation);
            }

            lock (_lock)
            {
                if (_ended && _text.Length == 0)
                {
                    return;
                }
            }
        }
    }

    private List<string> Take()
    {
        var parts = new List<string>();
        lock (_lock)
        {
            while (_text.Length > 0)
            {
                var length = Math.Min(_text.Length, MaxCharacters);
                if (length < _text.Length && char.IsHighSurrogate(_text[length - 1]))
                {
                    length--;
                }

                parts.Add(_text.ToString(0, length));
                _text.Remove(0, length);
            }
        }

        return parts;
    }
}

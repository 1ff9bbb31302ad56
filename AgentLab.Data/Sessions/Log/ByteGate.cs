namespace AgentLab.Data.Sessions.Log;

/// <summary>
/// Bounds the bytes that wait for the writer. Producers pass in the order in which they came; whoever finds no room waits. One that is larger than the bound passes alone.
/// </summary>
internal sealed class ByteGate(long most)
{
    private readonly Lock _lock = new();
    private readonly Queue<Waiter> _waiters = new();
    private long _held;

    /// <summary>The bytes that are inside.</summary>
    public long Held
    {
        get
        {
            lock (_lock)
            {
                return _held;
            }
        }
    }

    /// <summary>Goes in, at once where there is room. What went in must leave.</summary>
    /// <exception cref="OperationCanceledException">The producer gave up; it is not inside.</exception>
    public ValueTask EnterAsync(int bytes, CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_lock)
        {
            if (_waiters.Count == 0 && Fits(bytes))
            {
                _held += bytes;
                return ValueTask.CompletedTask;
            }

            waiter = new Waiter(bytes);
            _waiters.Enqueue(waiter);
        }

        return new ValueTask(WaitAsync(waiter, cancellationToken));
    }

    /// <summary>Makes room again.</summary>
    public void Leave(int bytes)
    {
        lock (_lock)
        {
            _held -= bytes;
            while (_waiters.TryPeek(out var next) && (next.Task.IsCompleted || Fits(next.Bytes)))
            {
                _waiters.Dequeue();
                // One that gave up meanwhile takes no room.
                if (next.TrySetResult())
                {
                    _held += next.Bytes;
                }
            }
        }
    }

    private static async Task WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        await using (cancellationToken.UnsafeRegister(static (state, token) => ((Waiter)state!).TrySetCanceled(token), waiter))
        {
            await waiter.Task;
        }
    }

    // An empty gate lets anything in: nothing else would ever make room for it.
    private bool Fits(int bytes) => _held == 0 || _held + bytes <= most;

    private sealed class Waiter(int bytes) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public int Bytes { get; } = bytes;
    }
}

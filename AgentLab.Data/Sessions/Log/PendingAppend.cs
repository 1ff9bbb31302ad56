using AgentLab.Core.Sessions;

namespace AgentLab.Data.Sessions.Log;

/// <summary>An append that waits to be written. Its content is encoded by the producer, so that the writer only numbers and stores it.</summary>
internal sealed class PendingAppend
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Withdrawn = 2;

    private readonly TaskCompletionSource<AppendOutcome> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;

    public PendingAppend(SessionAppend append)
    {
        Append = append;
        Data = new byte[append.Events.Count][];
        for (var i = 0; i < Data.Length; i++)
        {
            Data[i] = EventCatalog.Encode(append.Events[i].Data);
            Bytes += Data[i].Length;
        }

        foreach (var blob in append.Blobs)
        {
            Bytes += blob.Content.Length;
        }
    }

    public SessionAppend Append { get; }

    /// <summary>The JSON of each event.</summary>
    public byte[][] Data { get; }

    /// <summary>Bytes of all its content.</summary>
    public int Bytes { get; }

    /// <summary>Found again by this number after a lost answer to COMMIT.</summary>
    public long Id { get; } = Random.Shared.NextInt64();

    public Task<AppendOutcome> Done => _done.Task;

    /// <summary>The writer takes it; false when the producer has withdrawn it.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) != Withdrawn;

    /// <summary>The producer gives up; without effect once it was taken.</summary>
    public void Withdraw(CancellationToken token)
    {
        if (Interlocked.CompareExchange(ref _state, Withdrawn, Waiting) == Waiting)
        {
            _done.TrySetCanceled(token);
        }
    }

    public void Complete(AppendOutcome outcome) => _done.TrySetResult(outcome);

    public void Fail(Exception error) => _done.TrySetException(error);
}

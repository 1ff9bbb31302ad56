namespace AgentLab.Data.Workflows;

/// <summary>
/// Lets the writes to one workflow pass one after the other in this process, so that they need not be tried again; a write of another process is found by the revision.
/// </summary>
internal sealed class WorkflowLanes : IDisposable
{
    private readonly SemaphoreSlim[] _lanes = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Enters; dispose to leave.</summary>
    public async ValueTask<IDisposable> EnterAsync(Guid workflow, CancellationToken cancellationToken)
    {
        var lane = _lanes[(uint)workflow.GetHashCode() % (uint)_lanes.Length];
        await lane.WaitAsync(cancellationToken);
        return new Stay(lane);
    }

    public void Dispose() => Array.ForEach(_lanes, lane => lane.Dispose());

    private sealed class Stay(SemaphoreSlim lane) : IDisposable
    {
        private SemaphoreSlim? _lane = lane;

        public void Dispose() => Interlocked.Exchange(ref _lane, null)?.Release();
    }
}

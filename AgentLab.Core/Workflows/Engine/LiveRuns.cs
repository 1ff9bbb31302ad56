using System.Collections.Concurrent;
using AgentLab.Core.Sessions;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>A run that goes on in this process and can be told of what its steps wait for.</summary>
internal interface ILiveRun
{
    /// <summary>Leaves a letter; false when the run goes on no longer in this process.</summary>
    bool Post(Letter letter);
}

/// <summary>The runs that go on in this process, of workflows and of agents.</summary>
internal sealed class LiveRuns
{
    private readonly ConcurrentDictionary<RunId, ILiveRun> _runs = new();

    /// <summary>The run, if it goes on here.</summary>
    public ILiveRun? Find(RunId id) => _runs.GetValueOrDefault(id);

    public void Add(RunId id, ILiveRun run) => _runs[id] = run;

    /// <summary>The run is over or parked. One that was loaded anew meanwhile stays.</summary>
    public void Remove(RunId id, ILiveRun run) => _runs.TryRemove(new KeyValuePair<RunId, ILiveRun>(id, run));
}

/// <summary>Wakes the clock when a wait with an end is recorded.</summary>
internal sealed class WaitSignal
{
    private TaskCompletionSource _set = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>There is a new wait that ends by itself.</summary>
    public void Set() => Volatile.Read(ref _set).TrySetResult();

    /// <summary>Completes at the next <see cref="Set"/> after this call.</summary>
    public Task Next()
    {
        if (Volatile.Read(ref _set).Task.IsCompleted)
        {
            Volatile.Write(ref _set, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        return Volatile.Read(ref _set).Task;
    }
}

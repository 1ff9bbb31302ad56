using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Hosting.Hints;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentLab.Tests.Core.Agents.Leases;

/// <summary>Processes that follow each other on one database: the real sweeper, over runs that take their time and runs that end their process.</summary>
internal sealed class SuspectWorld : INodeRegistry, IRunDirectory, ISessionLog
{
    public static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);

    private readonly ManualTimeProvider _time = new();
    private readonly Dictionary<RunId, SimulatedRun> _runs = [];
    private string _node = "";

    public IReadOnlyCollection<SimulatedRun> Runs => _runs.Values;

    /// <summary>How many processes were ended by what they ran.</summary>
    public int Deaths { get; private set; }

    /// <summary>The most suspects that one process had at a time.</summary>
    public int MostSuspects { get; private set; }

    public bool Shared => false;

    public void Add(params IEnumerable<SimulatedRun> runs)
    {
        foreach (var run in runs)
        {
            _runs.Add(run.Id, run);
        }
    }

    /// <summary>One process, until what it runs ends it, nothing is open any more, or it is stopped after so many ticks.</summary>
    public async Task LiveAsync(int ticks)
    {
        var identity = new NodeIdentity("node", LeaseWorld.Lease);
        using var lease = new NodeLease(identity, _time);
        _node = identity.Id;
        var here = new Holder();
        using var sweeper = new RunSweeper(this, this, lease, here, this, identity, new NoHints(), _time, NullLogger<RunSweeper>.Instance);
        for (; ticks > 0 && _runs.Values.Any(run => run.End is null); ticks--)
        {
            await sweeper.SweepAsync(CancellationToken.None);
            MostSuspects = Math.Max(MostSuspects, here.Runs.Count(id => !here.SetAside.Contains(id) && _runs[id] is { Recoveries: > 2, End: null }));
            _time.Advance(Tick);
            if (here.Runs.Select(id => _runs[id]).Where(run => run.End is null).Any(run => run.Pass(here.SetAside.Contains(run.Id))))
            {
                Deaths++;
                return;
            }
        }

        await ClearRecoveriesAsync(_node, CancellationToken.None);
    }

    public ValueTask<IReadOnlyList<OwnedRun>> FreeAsync(int max, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<OwnedRun>>(
        [.. _runs.Values.Where(run => run.End is null && run.Node != _node).OrderBy(run => run.Recoveries).Take(max).Select(Owned)]);

    public ValueTask<OwnedRun?> FindAsync(RunId run, CancellationToken cancellationToken) => ValueTask.FromResult(_runs[run].End is null ? Owned(_runs[run]) : null);

    public ValueTask<AppendOutcome> AppendAsync(SessionAppend append, CancellationToken cancellationToken)
    {
        var run = _runs[append.Fence!.RunId];
        var resumed = append.Events.ShouldHaveSingleItem().Data.ShouldBeOfType<RunResumed>();
        (run.Node, run.Fence, run.Recoveries) = (resumed.Node, resumed.Fence, run.Recoveries + 1);
        return ValueTask.FromResult(AppendOutcome.Appended(new AppendReceipt(append.SessionId, null, 1, 1)));
    }

    public ValueTask ClearRecoveriesAsync(string node, CancellationToken cancellationToken)
    {
        foreach (var run in _runs.Values.Where(run => run.Node == node))
        {
            run.Recoveries = 0;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<OwnedRun>> StoppedWaitingAsync(int max, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<OwnedRun>>([]);

    public ValueTask ClearRecoveriesAsync(RunId run, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<RunId>> StopRequestedAsync(string node, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<RunRecord?> FindRecordAsync(RunId run, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask RegisterAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> RenewAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask RemoveAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<int> RemoveExpiredAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    private static OwnedRun Owned(SimulatedRun run) => new(SessionId.Parse("s"), run.Id, run.Fence, false, run.Node, Recoveries: run.Recoveries);

    /// <summary>What a process has.</summary>
    private sealed class Holder : IRunSupervisor
    {
        public List<RunId> Runs { get; } = [];

        public HashSet<RunId> SetAside { get; } = [];

        public int Active => Runs.Count;

        public void Start(SessionId session, RunFence fence) => Runs.Add(fence.RunId);

        void IRunSupervisor.Start(SessionId session, RunFence fence, IRunLoop? made)
        {
            Runs.Add(fence.RunId);
            if (made is SetAsideLoop)
            {
                SetAside.Add(fence.RunId);
            }
        }

        public bool Stop(RunId run) => false;

        public Task WhenIdleAsync(RunId run, CancellationToken cancellationToken) => new TaskCompletionSource().Task;
    }
}

/// <summary>A run that begins a new step each so many ticks, or ends its process so many ticks after it was started there.</summary>
internal sealed class SimulatedRun(bool poison, int ticks, int steps)
{
    private int _left;
    private int _steps = steps;
    private long _heldUnder;

    public RunId Id { get; } = RunId.New();

    public bool Poison => poison;

    public string Node { get; set; } = "";

    public long Fence { get; set; } = 1;

    public int Recoveries { get; set; }

    /// <summary>How it ended; null while it goes on.</summary>
    public SessionStatus? End { get; private set; }

    /// <summary>A tick passes; true when the process is gone.</summary>
    public bool Pass(bool setAside)
    {
        if (_heldUnder != Fence)
        {
            // Whoever takes it up begins its step again.
            (_heldUnder, _left) = (Fence, ticks);
        }

        if (setAside)
        {
            End = SessionStatus.Failed;
            return false;
        }

        if (--_left > 0)
        {
            return false;
        }

        if (!poison)
        {
            (_left, Recoveries, _steps) = (ticks, 0, _steps - 1);
            End = _steps == 0 ? SessionStatus.Completed : null;
        }

        return poison;
    }
}

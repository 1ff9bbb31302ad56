using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Hosting.Hints;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentLab.Tests.Core.Agents.Leases;

/// <summary>A database with a clock of its own, and nodes whose clocks differ from it and do not run equally fast. Everything that travels waits for its turn.</summary>
internal sealed class LeaseWorld(Random random) : IDisposable
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, TimeSpan> _nodes = [];
    private readonly Dictionary<RunId, (long Fence, string Node)> _runs = [];
    private readonly List<LeaseNode> _members = [];
    private TimeSpan _now;

    public Turns Turns { get; } = new(random);

    public IReadOnlyList<LeaseNode> Nodes => _members;

    public ICollection<RunId> Runs => _runs.Keys;

    /// <summary>Each number under which a run was held, with its holder.</summary>
    public Dictionary<(RunId Run, long Fence), string> Holders { get; } = [];

    public long FenceOf(RunId run) => _runs[run].Fence;

    public void AddNode(string name) => _members.Add(new LeaseNode(this, name, TimeSpan.FromSeconds(random.Next(-5, 6)), 1 + ((random.NextDouble() - 0.5) / 50)));

    /// <summary>A run that is recorded by a node just now.</summary>
    public void AddRun(LeaseNode node)
    {
        var run = RunId.New();
        _runs[run] = (1, node.Identity.Id);
        Holders[(run, 1)] = node.Name;
        node.Supervisor.Start(SessionId.Parse("s"), new RunFence(run, 1));
    }

    public void Pass(TimeSpan time)
    {
        _now += time;
        _members.ForEach(node => node.Pass(time));
    }

    public void Dispose() => _members.ForEach(node => node.Dispose());

    /// <summary>The database as one node reaches it.</summary>
    internal sealed class Line(LeaseWorld world, LeaseNode node) : INodeRegistry, IRunDirectory, ISessionLog
    {
        public bool Shared => true;

        public async ValueTask RegisterAsync(string id, CancellationToken cancellationToken) => await DoAsync(() => world._nodes[id] = world._now + Lease);

        public async ValueTask<bool> RenewAsync(string id, CancellationToken cancellationToken)
        {
            var found = false;
            await DoAsync(() =>
            {
                if (found = world._nodes.ContainsKey(id))
                {
                    world._nodes[id] = world._now + Lease;
                }
            });
            return found;
        }

        public async ValueTask RemoveAsync(string id, CancellationToken cancellationToken) => await DoAsync(() => world._nodes.Remove(id));

        public async ValueTask<int> RemoveExpiredAsync(CancellationToken cancellationToken)
        {
            var count = 0;
            await DoAsync(() =>
            {
                var over = world._nodes.Where(n => n.Value < world._now).Select(n => n.Key).ToList();
                over.ForEach(id => world._nodes.Remove(id));
                count = over.Count;
            });
            return count;
        }

        public async ValueTask<IReadOnlyList<OwnedRun>> FreeAsync(int max, CancellationToken cancellationToken)
        {
            List<OwnedRun> free = [];
            await DoAsync(() => free.AddRange(world._runs.Where(r => !world._nodes.ContainsKey(r.Value.Node))
                .Select(r => new OwnedRun(SessionId.Parse("s"), r.Key, r.Value.Fence, false, r.Value.Node)).Take(max)));
            return free;
        }

        public async ValueTask<AppendOutcome> AppendAsync(SessionAppend append, CancellationToken cancellationToken)
        {
            var (run, number) = append.Fence!;
            var landed = false;
            await DoAsync(() =>
            {
                landed = world._runs[run].Fence == number;
                if (landed && append.Events[0].Data is RunResumed resumed)
                {
                    world._runs[run] = (resumed.Fence, resumed.Node);
                    world.Holders.TryAdd((run, resumed.Fence), node.Name).ShouldBeTrue("each number belongs to one holder");
                }
            });
            return landed ? AppendOutcome.Appended(new AppendReceipt(append.SessionId, null, 1, 1)) : AppendOutcome.Refused(AppendRefusal.StaleFence);
        }

        public async ValueTask<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellationToken)
        {
            List<NodeEntry> entries = [];
            await DoAsync(() => entries.AddRange(world._nodes.Select(n => new NodeEntry(n.Key, n.Key, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch + n.Value))));
            return entries;
        }

        public ValueTask<IReadOnlyList<OwnedRun>> StoppedWaitingAsync(int max, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<OwnedRun>>([]);

        public ValueTask<IReadOnlyList<RunId>> StopRequestedAsync(string node, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask ClearRecoveriesAsync(string node, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask ClearRecoveriesAsync(RunId run, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<OwnedRun?> FindAsync(RunId run, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<RunRecord?> FindRecordAsync(RunId run, CancellationToken cancellationToken) => throw new NotSupportedException();

        /// <summary>The request takes its time, and so does the answer.</summary>
        private async Task DoAsync(Action change)
        {
            await world.Turns.NextAsync();
            change();
            await world.Turns.NextAsync();
        }
    }
}

/// <summary>One node: the real keeper and sweeper over the world's database, and runs that it believes to have.</summary>
internal sealed class LeaseNode : IDisposable
{
    private readonly NodeLease _lease;
    private readonly ManualTimeProvider _time;
    private readonly double _rate;
    private readonly NodeLeaseKeeper _keeper;
    private readonly RunSweeper _sweeper;
    private Task _renewing;
    private Task _sweeping = Task.CompletedTask;

    public LeaseNode(LeaseWorld world, string name, TimeSpan clockIsOff, double rate)
    {
        (Name, _rate) = (name, rate);
        _time = new ManualTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50) + clockIsOff);
        var line = new LeaseWorld.Line(world, this);
        Identity = new NodeIdentity(name, LeaseWorld.Lease);
        _lease = new NodeLease(Identity, _time);
        Supervisor = new Believer(_lease);
        _keeper = new NodeLeaseKeeper(line, _lease, Identity, new NoHints(), _time, NullLogger<NodeLeaseKeeper>.Instance);
        _sweeper = new RunSweeper(line, line, _lease, Supervisor, line, Identity, new NoHints(), _time, NullLogger<RunSweeper>.Instance);
        _renewing = _keeper.StartingAsync(CancellationToken.None);
    }

    public string Name { get; }

    public NodeIdentity Identity { get; }

    public Believer Supervisor { get; }

    public bool Entered => _renewing.IsCompleted;

    public void Pass(TimeSpan time) => _time.Advance(time * _rate);

    public void Renew()
    {
        if (_renewing.IsCompleted)
        {
            _renewing.IsFaulted.ShouldBeFalse(_renewing.Exception?.ToString());
            _renewing = _keeper.RenewAsync(CancellationToken.None);
        }
    }

    public void Sweep()
    {
        if (_sweeping.IsCompleted)
        {
            _sweeping.IsFaulted.ShouldBeFalse(_sweeping.Exception?.ToString());
            _sweeping = _sweeper.SweepAsync(CancellationToken.None);
        }
    }

    public void Dispose()
    {
        _keeper.Dispose();
        _sweeper.Dispose();
        _lease.Dispose();
    }

    /// <summary>The runs of a node, each bound to the term in which it was started.</summary>
    internal sealed class Believer(NodeLease lease) : IRunSupervisor
    {
        private readonly Dictionary<RunId, (long Fence, LeaseTerm Term)> _runs = [];

        public int Active => _runs.Count;

        public void Start(SessionId session, RunFence fence) => _runs[fence.RunId] = (fence.Number, lease.Current);

        /// <summary>The runs for which the node would do something outside just now, with the numbers that it believes in.</summary>
        public IEnumerable<(RunId Run, long Fence)> Acting() => _runs.Where(r => r.Value.Term.Held).Select(r => (r.Key, r.Value.Fence));

        public bool Stop(RunId run) => false;

        public Task WhenIdleAsync(RunId run, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

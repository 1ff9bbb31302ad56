using System.Collections.Immutable;
using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Dashboard;
using AgentLab.Core.Hosting.Hints;
using AgentLab.Core.Sessions;

namespace AgentLab.Web.Features.Dashboard;

/// <summary>
/// The dashboard's figures, kept fresh while somebody looks: those who look at the same share one reading. They are read again when something was written, here or on another node, at
/// most every two seconds, and when reading is slow every ten; without a change every fifteen seconds, since hours pass. Without viewers nothing is read.
/// </summary>
internal sealed partial class DashboardFeed(
    IDashboard dashboard, INodeRegistry registry, INodeLease lease, IHints hints, ILogActivity activity, TimeProvider time, ILogger<DashboardFeed> logger)
{
    private const int LeastPause = 20;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<DashboardScope, Watched> _watched = [];

    /// <summary>How many readings go on being renewed.</summary>
    public int Watching
    {
        get
        {
            lock (_gate)
            {
                return _watched.Count;
            }
        }
    }

    /// <summary>Reads the present state once.</summary>
    public async ValueTask<DashboardState> ReadAsync(DashboardScope scope, CancellationToken cancellationToken)
    {
        var figures = await dashboard.ReadAsync(new DashboardQuery(scope.OwnerId, scope.Period), cancellationToken);
        return new DashboardState(figures, scope.Cluster ? await ClusterAsync(cancellationToken) : null, Late: false);
    }

    /// <summary>
    /// Keeps a reading fresh until the answer is disposed of. <paramref name="changed"/> is called after each change, from any thread; it must be quick and must not throw. The first one
    /// comes only if the reading was not there already: look at <see cref="DashboardWatch.Latest"/>.
    /// </summary>
    public DashboardWatch Watch(DashboardScope scope, Action changed)
    {
        lock (_gate)
        {
            if (!_watched.TryGetValue(scope, out var watched))
            {
                _watched.Add(scope, watched = new Watched());
                watched.Work = Task.Run(() => RenewAsync(scope, watched), CancellationToken.None);
            }

            watched.Viewers = [.. watched.Viewers, changed];
            return new DashboardWatch(() => watched.Latest, () => Leave(scope, watched, changed));
        }
    }

    private void Leave(DashboardScope scope, Watched watched, Action changed)
    {
        lock (_gate)
        {
            watched.Viewers = watched.Viewers.Remove(changed);
            if (watched.Viewers.IsEmpty && _watched.Remove(scope))
            {
                watched.End();
            }
        }
    }

    private async Task RenewAsync(DashboardScope scope, Watched watched)
    {
        using var end = watched;
        var ending = watched.Ending;
        var told = 1;
        using var listening = hints.Listen(_ => Volatile.Write(ref told, 1));
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (true)
            {
                Volatile.Write(ref told, 0);
                var seen = activity.Commits;
                var begun = time.GetTimestamp();
                await ReadAsync(scope, watched, ending);
                var pause = Pause(time.GetElapsedTime(begun));
                var read = time.GetTimestamp();
                while (await timer.WaitForNextTickAsync(ending))
                {
                    var since = time.GetElapsedTime(read);
                    if (since >= pause && (since >= Stale || activity.Commits != seen || Volatile.Read(ref told) != 0))
                    {
                        break;
                    }
                }
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
    }

    private async Task ReadAsync(DashboardScope scope, Watched watched, CancellationToken cancellationToken)
    {
        try
        {
            watched.Take(await ReadAsync(scope, cancellationToken));
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogLate(fault);
            // The last figures stay, marked as late.
            watched.Take((watched.Latest ?? new DashboardState(null, null, Late: true)) with { Late = true });
        }
    }

    private async ValueTask<ClusterState> ClusterAsync(CancellationToken cancellationToken) =>
        new(await registry.ListAsync(cancellationToken), lease.NodeId, lease.Held, registry.Shared, hints.State);

    /// <summary>The slower the reading, the longer the pause; bounded, since a first reading on a busy machine says little of the next.</summary>
    private static TimeSpan Pause(TimeSpan took) => TimeSpan.FromTicks(Math.Clamp((took * LeastPause).Ticks, Fresh.Ticks, Slow.Ticks));

    /// <summary>One reading and those who look at it.</summary>
    private sealed class Watched : IDisposable
    {
        private readonly CancellationTokenSource _ending = new();
        private DashboardState? _latest;

        /// <summary>Whom to tell; replaced under the feed's lock.</summary>
        public ImmutableList<Action> Viewers { get; set; } = [];

        public Task? Work { get; set; }

        public CancellationToken Ending => _ending.Token;

        public DashboardState? Latest => Volatile.Read(ref _latest);

        public void Take(DashboardState state)
        {
            Volatile.Write(ref _latest, state);
            Viewers.ForEach(changed => changed());
        }

        public void End() => _ending.Cancel();

        public void Dispose() => _ending.Dispose();
    }
}

/// <summary>One viewer's hold on a reading.</summary>
internal sealed class DashboardWatch(Func<DashboardState?> latest, Action leave) : IDisposable
{
    private Action? _leave = leave;

    /// <summary>The newest state; null until it is read for the first time.</summary>
    public DashboardState? Latest => latest();

    /// <summary>Ends it; more than once does nothing.</summary>
    public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
}

/// <summary>What one looks at.</summary>
/// <param name="OwnerId">Whose runs; null for everybody's.</param>
/// <param name="Period">How far back.</param>
/// <param name="Cluster">Whether the nodes are told too: administrators only.</param>
internal sealed record DashboardScope(Guid? OwnerId, DashboardPeriod Period, bool Cluster);

/// <summary>What there is to see.</summary>
/// <param name="Figures">The newest figures; null when none could be read yet.</param>
/// <param name="Cluster">The nodes, for those who may see them.</param>
/// <param name="Late">Whether the newest reading failed, so that this is older than it should be.</param>
internal sealed record DashboardState(DashboardFigures? Figures, ClusterState? Cluster, bool Late);

/// <summary>The nodes that serve the database.</summary>
/// <param name="Nodes">Those that are entered.</param>
/// <param name="Own">The id of this one.</param>
/// <param name="LeaseHeld">Whether this one's lease is held.</param>
/// <param name="Shared">Whether there can be several.</param>
/// <param name="Hints">How wake-up hints travel between them.</param>
public sealed record ClusterState(IReadOnlyList<NodeEntry> Nodes, string Own, bool LeaseHeld, bool Shared, HintState Hints)
{
    /// <summary>Whether something is not as it should be.</summary>
    public bool Degraded => !LeaseHeld || (Hints == HintState.Away && Nodes.Count > 1);

    /// <summary>How it stands, in a sentence.</summary>
    public string Says => this switch
    {
        { LeaseHeld: false } => "Degraded: the lease of this node is late. Its runs begin nothing new until it is renewed.",
        { Degraded: true } => "Degraded: hints between the nodes do not travel. Each looks by itself about every second, so what happens on another node shows up to a second late.",
        { Shared: false } => "One process serves this database; on SQLite there can be no other.",
        { Nodes.Count: <= 1 } => "One node serves this database. Others may join.",
        { Hints: HintState.Connected } => "Hints travel: what happens on one node shows on the others at once.",
        _ => "No hints are set up: each node looks by itself about every second.",
    };
}

using System.Runtime.InteropServices;
using AgentLab.Core.Dashboard;
using AgentLab.Data.Sessions;

namespace AgentLab.Data.Dashboard;

/// <summary>Puts the rows of the dashboard's statements together.</summary>
internal sealed class DashboardSums
{
    private const int HoursADay = 24;
    private const decimal Nanos = 1_000_000_000m;

    private readonly DateTimeOffset _now;
    private readonly PeriodBounds _bounds;
    private readonly IReadOnlyList<OpenRuns> _open;
    private readonly RunFigures[] _buckets;
    private readonly Dictionary<GroupKey, Group> _groups = [];
    private readonly LatencyFigures _latency;

    public DashboardSums(DateTimeOffset now, PeriodBounds bounds, IReadOnlyList<OpenRuns> open, IReadOnlyList<EndedRuns> ended, IReadOnlyList<TimedRun> sample)
    {
        (_now, _bounds, _open) = (now, bounds, open);
        _buckets = [.. Enumerable.Repeat(RunFigures.None, bounds.Count)];
        foreach (var row in ended)
        {
            Take(row);
        }

        foreach (var row in open)
        {
            Take(row);
        }

        _latency = Times(sample);
        Workers = Top(kind => kind != DashboardGroupKind.Project);
        Projects = Top(kind => kind == DashboardGroupKind.Project);
    }

    /// <summary>The agents and workflows that are shown, in their order.</summary>
    public IReadOnlyList<GroupKey> Workers { get; }

    /// <summary>The projects that are shown, in their order.</summary>
    public IReadOnlyList<GroupKey> Projects { get; }

    /// <summary>The figures, with these names.</summary>
    public DashboardFigures Figures(IReadOnlyDictionary<GroupKey, string> names) => new()
    {
        At = _now,
        From = PeriodBounds.TimeOf(_bounds.FromHour),
        Running = Count(RunStatus.Running),
        Waiting = Count(RunStatus.Waiting),
        Ended = _buckets.Aggregate(RunFigures.None, (sum, bucket) => sum + bucket),
        Today = _bounds.Width == HoursADay ? _buckets[^1] : _buckets.Aggregate(RunFigures.None, (sum, bucket) => sum + bucket),
        Latency = _latency,
        Buckets = [.. _buckets.Select((runs, i) => new DashboardBucket(PeriodBounds.TimeOf(_bounds.FromHour + ((long)i * _bounds.Width)), runs))],
        Workers = [.. Workers.Select(key => Shown(key, names))],
        Projects = [.. Projects.Select(key => Shown(key, names))],
    };

    private DashboardGroup Shown(GroupKey key, IReadOnlyDictionary<GroupKey, string> names)
    {
        var group = _groups[key];
        return new DashboardGroup(
            key.Kind, key.Id, names.GetValueOrDefault(key), group.Running, group.Waiting, group.Ended, Percentiles.Of(group.Durations)?.P95);
    }

    private void Take(EndedRuns row)
    {
        var figures = new RunFigures(
            row.Status == RunStatus.Completed ? row.Runs : 0, row.Status == RunStatus.Failed ? row.Runs : 0, row.Status == RunStatus.Cancelled ? row.Runs : 0,
            row.InputTokens, row.OutputTokens, row.CostNanos / Nanos);
        // A run that ended while this was read may lie in the bucket that begins next.
        var bucket = (int)Math.Clamp(row.Bucket - (_bounds.FromHour / _bounds.Width), 0, _bounds.Count - 1);
        _buckets[bucket] += figures;
        Of(Worker(row.AgentId, row.WorkflowId)).Ended += figures;
        Of(new GroupKey(DashboardGroupKind.Project, row.ProjectId)).Ended += figures;
    }

    private void Take(OpenRuns row)
    {
        foreach (var group in (Group[])[Of(Worker(row.AgentId, row.WorkflowId)), Of(new GroupKey(DashboardGroupKind.Project, row.ProjectId))])
        {
            group.Running += row.Status == RunStatus.Running ? row.Runs : 0;
            group.Waiting += row.Status == RunStatus.Waiting ? row.Runs : 0;
        }
    }

    private LatencyFigures Times(IReadOnlyList<TimedRun> sample)
    {
        var (durations, firstWords) = (new List<long>(sample.Count), new List<long>(sample.Count));
        foreach (var run in sample.Where(r => r.Status == RunStatus.Completed))
        {
            var duration = Math.Max(0, run.EndedAt - run.StartedAt);
            durations.Add(duration);
            Of(Worker(run.AgentId, run.WorkflowId)).Durations.Add(duration);
            Of(new GroupKey(DashboardGroupKind.Project, run.ProjectId)).Durations.Add(duration);
            if (run.FirstWordAt is { } word)
            {
                firstWords.Add(Math.Max(0, word - run.StartedAt));
            }
        }

        return new LatencyFigures(durations.Count, sample.Count < LatencyFigures.MaxSample, Percentiles.Of(durations), Percentiles.Of(firstWords));
    }

    private int Count(RunStatus status) => _open.Where(row => row.Status == status).Sum(row => row.Runs);

    private IReadOnlyList<GroupKey> Top(Func<DashboardGroupKind, bool> kind) =>
    [
        .. _groups.Where(g => kind(g.Key.Kind)).OrderByDescending(g => g.Value.Ended.Ended + g.Value.Running + g.Value.Waiting).ThenBy(g => g.Key.Id)
            .Take(DashboardFigures.MaxGroups).Select(g => g.Key),
    ];

    private static GroupKey Worker(Guid? agent, Guid? workflow) => workflow is { } id
        ? new GroupKey(DashboardGroupKind.Workflow, id)
        : new GroupKey(DashboardGroupKind.Agent, agent ?? Guid.Empty);

    private Group Of(GroupKey key) => CollectionsMarshal.GetValueRefOrAddDefault(_groups, key, out _) ??= new Group();

    private sealed class Group
    {
        public int Running { get; set; }

        public int Waiting { get; set; }

        public RunFigures Ended { get; set; } = RunFigures.None;

        public List<long> Durations { get; } = [];
    }
}

/// <summary>What runs are grouped by.</summary>
internal readonly record struct GroupKey(DashboardGroupKind Kind, Guid Id);

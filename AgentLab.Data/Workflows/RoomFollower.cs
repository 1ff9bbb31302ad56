using AgentLab.Core.Hosting.Hints;
using AgentLab.Core.Workflows;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Workflows;

/// <summary>Tells the people who have a workflow open here what others did to it at other nodes: woken by hints, and by itself about every second while somebody has one open.</summary>
internal sealed partial class RoomFollower(WorkflowRooms rooms, LabDatabase database, IHints hints, TimeProvider time, ILogger<RoomFollower> logger) : BackgroundService
{
    /// <summary>Further behind than this a page reads the draft anew.</summary>
    private const int MostGestures = 50;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Looks once at every workflow that is open here.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        var open = rooms.Open();
        if (open.Count == 0)
        {
            return;
        }

        var ids = open.Select(room => room.Workflow).ToList();
        var now = (await database.ReadAsync(
            (context, token) => context.Set<WorkflowRow>().Where(row => ids.Contains(row.Id))
                .Select(row => new { row.Id, row.Revision, row.PublishedVersion, Deleted = row.NormalizedName == null }).ToListAsync(token),
            cancellationToken)).ToDictionary(row => row.Id, row => new DraftMark(row.Revision, row.PublishedVersion, row.Deleted));
        foreach (var (workflow, told) in open)
        {
            if (now.TryGetValue(workflow, out var mark) && mark != told)
            {
                rooms.Follow(workflow, told, mark, await ChangesAsync(workflow, told, mark, cancellationToken));
            }
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (database.Kind == DatabaseKind.Sqlite)
        {
            return;
        }

        using var look = new HintedLook(hints, static hint => hint.Kind == HintKind.Workflow, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }

            await look.WaitAsync(Pause, stoppingToken);
        }
    }

    private async Task<IReadOnlyList<RoomChange>> ChangesAsync(Guid workflow, DraftMark? told, DraftMark now, CancellationToken cancellationToken)
    {
        if (told is not { } before)
        {
            // Between reading the draft and entering the room others may have gone on: a page that is behind reads it anew.
            return [new RoomChange("replaced", now.Revision, null, null, [], string.Empty)];
        }

        var changes = before.Revision < now.Revision ? [.. await GesturesAsync(workflow, before.Revision, now.Revision, cancellationToken)] : new List<RoomChange>();
        if (before.Version != now.Version)
        {
            changes.Add(new RoomChange("published", now.Revision, null, null, [], string.Empty));
        }

        if (now.Deleted && !before.Deleted)
        {
            changes.Add(new RoomChange("deleted", now.Revision, null, null, [], string.Empty));
        }

        return changes;
    }

    private async Task<IReadOnlyList<RoomChange>> GesturesAsync(Guid workflow, long after, long upTo, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            (context, token) => (
                from row in context.Set<WorkflowRow>()
                join gesture in context.Set<WorkflowGestureRow>() on row.Key equals gesture.WorkflowKey
                where row.Id == workflow && gesture.Revision > after && gesture.Revision <= upTo
                orderby gesture.Revision
                select new { gesture.Revision, gesture.Gesture, gesture.Label, gesture.MadeBy, gesture.Operations }).Take(MostGestures).ToListAsync(token),
            cancellationToken);
        return rows.Count == upTo - after && rows.TrueForAll(row => row.Operations is { Length: > 0 })
            ? [.. rows.Select(row => new RoomChange("committed", row.Revision, row.Gesture, row.MadeBy, WorkflowText.ReadOperations(row.Operations), row.Label))]
            : [new RoomChange("replaced", upTo, null, rows.Count > 0 ? rows[^1].MadeBy : null, [], string.Empty)];
    }
}

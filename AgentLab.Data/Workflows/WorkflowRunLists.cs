using System.Globalization;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows;
using AgentLab.Data.Databases;
using AgentLab.Data.Sessions;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Workflows;

/// <summary>Lists runs of workflows by their rows. A run is its starter's and the administrators'.</summary>
internal sealed class WorkflowRunLists(LabDatabase database)
{
    private const int MostPerPage = 100;

    private static readonly Dictionary<string, RunStatus> Statuses = Enum.GetValues<RunStatus>().ToDictionary(Word, status => status, StringComparer.Ordinal);

    /// <summary>One page, newest first.</summary>
    public async ValueTask<Page<WorkflowRunSummary>> ListAsync(WorkflowRunQuery query, Actor actor, CancellationToken cancellationToken)
    {
        if (query.Status is { Length: > 0 } word && !Statuses.ContainsKey(word))
        {
            return new Page<WorkflowRunSummary>([], null);
        }

        var limit = Math.Clamp(query.Limit, 1, MostPerPage);
        var after = string.IsNullOrEmpty(query.Cursor) ? (long?)null : Position(query.Cursor);
        var found = await database.ReadAsync(
            (context, token) => Listed(context, Filter(Visible(context, actor), query, after).OrderByDescending(run => run.Key).Take(limit + 1)).ToListAsync(token),
            cancellationToken);
        var next = found.Count > limit ? found[limit - 1].Run.Key.ToString(CultureInfo.InvariantCulture) : null;
        return new Page<WorkflowRunSummary>([.. found.Take(limit).Select(Summary)], next);
    }

    /// <summary>The newest run of each of these workflows that this actor may see.</summary>
    public async Task<Dictionary<Guid, WorkflowRunSummary>> NewestAsync(IReadOnlyList<Guid> workflows, Actor actor, CancellationToken cancellationToken)
    {
        var newest = new Dictionary<Guid, WorkflowRunSummary>();
        await database.ReadAsync(
            async (context, token) =>
            {
                // One look at the index each: a workflow with a million runs costs no more than one with two.
                foreach (var workflow in workflows)
                {
                    var run = Visible(context, actor).Where(row => row.WorkflowId == workflow).OrderByDescending(row => row.Key).Take(1);
                    if (await Listed(context, run).FirstOrDefaultAsync(token) is { } found)
                    {
                        newest[workflow] = Summary(found);
                    }
                }

                return true;
            },
            cancellationToken);
        return newest;
    }

    private static IQueryable<RunRow> Visible(LabDbContext context, Actor actor)
    {
        var rows = context.Set<RunRow>().Where(row => row.WorkflowId != null && context.Set<SessionRow>().Any(s => s.Key == row.SessionKey && s.DeletedAt == null));
        return actor.IsAdministrator ? rows : rows.Where(row => row.OwnerId == actor.UserId);
    }

    private static IQueryable<RunRow> Filter(IQueryable<RunRow> rows, WorkflowRunQuery query, long? after)
    {
        if (query.Workflow is { } workflow)
        {
            rows = rows.Where(row => row.WorkflowId == workflow);
        }

        if (query.Status is { Length: > 0 } word)
        {
            var status = Statuses[word];
            rows = rows.Where(row => row.Status == status);
        }

        return after is { } key ? rows.Where(row => row.Key < key) : rows;
    }

    private static IQueryable<ListedRun> Listed(LabDbContext context, IQueryable<RunRow> rows) =>
        from run in rows
        join session in context.Set<SessionRow>() on run.SessionKey equals session.Key
        orderby run.Key descending
        select new ListedRun(run, session.Id);

    private static WorkflowRunSummary Summary(ListedRun found)
    {
        var run = found.Run;
        return new WorkflowRunSummary(
            new RunId(run.Id), SessionId.Parse(found.Session), run.WorkflowId!.Value, run.WorkflowName ?? string.Empty, run.WorkflowVersion ?? 0, Word(run.Status), run.Trigger,
            UtcMicroseconds.ToTime(run.StartedAt), run.EndedAt is { } ended ? UtcMicroseconds.ToTime(ended) : null, run.ErrorCode, run.Steps);
    }

    private static string Word(RunStatus status) => status.ToString().ToLowerInvariant();

    private static long Position(string cursor) =>
        long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var key)
            ? key
            : throw new FormatException("The cursor is not one that this list gave out. Leave it out to start at the first page.");

    private sealed record ListedRun(RunRow Run, string Session);
}

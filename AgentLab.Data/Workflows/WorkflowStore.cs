using System.Text;
using AgentLab.Core;
using AgentLab.Core.Agents;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Workflows;

/// <summary>
/// The workflows in the database. What a change leads to is worked out outside of any transaction; the transaction then only looks whether the draft is still the one that
/// was read. Another process that was faster is found by the revision, and the change is worked out again.
/// </summary>
internal sealed class WorkflowStore(
    LabDatabase database, IWorkflowRules rules, IWorkflowFiles files, WorkflowCommits commits, WorkflowPublisher publisher, WorkflowRunLists runs,
    IWorkflowRooms rooms, TimeProvider clock) : IWorkflowStore
{
    private const int MostPerPage = 100;

    /// <inheritdoc/>
    public async ValueTask<Page<WorkflowSummary>> ListAsync(WorkflowQuery query, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(actor);
        if ((query.Text is { } text && !AgentRules.IsPlainText(text)) || (query.Tag is { } tag && !AgentRules.IsPlainText(tag)))
        {
            // No name and no tag holds such characters.
            return new Page<WorkflowSummary>([], null);
        }

        var limit = Math.Clamp(query.Limit, 1, MostPerPage);
        var found = await database.ReadAsync(
            (context, token) => Filter(WorkflowRights.Visible(context.Set<WorkflowRow>(), actor), query)
                .OrderByDescending(row => row.UpdatedAt).ThenByDescending(row => row.Key).Take(limit + 1).ToListAsync(token),
            cancellationToken);
        var items = found.Take(limit).ToList();
        var last = await runs.NewestAsync([.. items.Select(row => row.Id)], actor, cancellationToken);
        var next = found.Count > limit ? WorkflowCursor.Write(items[^1].UpdatedAt, items[^1].Key) : null;
        return new Page<WorkflowSummary>([.. items.Select(row => FoundWorkflow.Summary(row, last.GetValueOrDefault(row.Id)))], next);
    }

    /// <inheritdoc/>
    public async ValueTask<Workflow?> FindAsync(string idOrSlug, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(idOrSlug);
        ArgumentNullException.ThrowIfNull(actor);
        var text = idOrSlug.ToLowerInvariant();
        var byId = Guid.TryParseExact(text, "D", out var id);
        if (!byId && !AgentSlug.IsSlug(text))
        {
            return null;
        }

        var found = await database.ReadAsync(
            (context, token) =>
            {
                var rows = WorkflowRights.Visible(context.Set<WorkflowRow>(), actor);
                return WorkflowReads.WithDraft(context, byId ? rows.Where(row => row.Id == id) : rows.Where(row => row.Slug == text)).FirstOrDefaultAsync(token);
            },
            cancellationToken);
        if (found is null)
        {
            return null;
        }

        var last = await runs.NewestAsync([found.Row.Id], actor, cancellationToken);
        return found.ToWorkflow(last.GetValueOrDefault(found.Row.Id));
    }

    /// <inheritdoc/>
    public async Task<Outcome<Workflow>> CreateAsync(WorkflowDefinition definition, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(actor);
        if (!actor.MayEdit)
        {
            return Outcome<Workflow>.Failure(LabError.Forbidden("Only editors and administrators make workflows."));
        }

        var checkedDefinition = Check(definition);
        if (!checkedDefinition.Ok)
        {
            return Outcome<Workflow>.Failure(checkedDefinition.Errors);
        }

        var clean = checkedDefinition.Value;
        return await WriteRetries.RunAsync(() => database.WriteAsync(
            async (context, token) => await WorkflowWrites.NameIsTakenAsync(context, clean.Name, actor.UserId, null, token)
                ? Outcome<Workflow>.Failure(WorkflowFaults.NameTaken(clean.Name))
                : Outcome<Workflow>.Success((await WorkflowWrites.AddAsync(
                    context, clean, WorkflowWrites.Slug(clean.Name), actor.UserId, UtcMicroseconds.Now(clock), token)).ToWorkflow()),
            cancellationToken));
    }

    /// <inheritdoc/>
    public Task<Outcome<DraftCommit>> CommitAsync(
        Guid id, long baseRevision, Guid gesture, string label, IReadOnlyList<WorkflowOperation> operations, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operations);
        ArgumentNullException.ThrowIfNull(actor);
        return commits.CommitAsync(id, baseRevision, new Gesture(gesture, label ?? string.Empty, operations), actor, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Outcome<Workflow>> ReplaceAsync(Guid id, long expectedRevision, WorkflowDefinition definition, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(actor);
        var checkedDefinition = Check(definition);
        return commits.ReplaceAsync(id, expectedRevision, checkedDefinition, actor, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Outcome<Workflow>> PublishAsync(Guid id, long expectedRevision, string note, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return publisher.PublishAsync(id, expectedRevision, note ?? string.Empty, actor, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Outcome<Workflow>> SetActiveAsync(Guid id, bool active, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return publisher.SetActiveAsync(id, active, actor, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Outcome<Workflow>> SetOfferedAsync(Guid id, bool offered, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return publisher.SetOfferedAsync(id, offered, actor, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<Page<WorkflowVersion>> VersionsAsync(Guid id, string? cursor, int limit, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var most = Math.Clamp(limit, 1, MostPerPage);
        var before = string.IsNullOrEmpty(cursor) ? int.MaxValue : WorkflowCursor.ReadVersion(cursor);
        var rows = await database.ReadAsync(
            (context, token) => Versions(context, id, actor).Where(row => row.Version < before).OrderByDescending(row => row.Version).Take(most + 1).ToListAsync(token), cancellationToken);
        var items = rows.Take(most).Select(ToVersion).ToList();
        return new Page<WorkflowVersion>(items, rows.Count > most ? WorkflowCursor.WriteVersion(items[^1].Version) : null);
    }

    /// <inheritdoc/>
    public async ValueTask<WorkflowVersion?> FindVersionAsync(Guid id, int version, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var row = await database.ReadAsync(
            (context, token) => Versions(context, id, actor).FirstOrDefaultAsync(saved => saved.Version == version, token), cancellationToken);
        return row is null ? null : ToVersion(row);
    }

    /// <inheritdoc/>
    public async Task<Outcome<Workflow>> DeleteAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var outcome = await publisher.DeleteAsync(id, actor, cancellationToken);
        if (outcome.Ok)
        {
            rooms.Announce(id, new RoomChange("deleted", outcome.Value.Revision, null, actor.UserId, [], string.Empty));
        }

        return outcome;
    }

    /// <inheritdoc/>
    public ValueTask<Page<WorkflowRunSummary>> RunsAsync(WorkflowRunQuery query, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(actor);
        return runs.ListAsync(query, actor, cancellationToken);
    }

    /// <summary>A definition may come from anywhere: it passes the same gate as a file. Settings that are merely incomplete are let in.</summary>
    private Outcome<WorkflowDefinition> Check(WorkflowDefinition definition)
    {
        var clean = definition with { Name = (definition.Name ?? string.Empty).Trim() };
        // Not as a file would be written: what a file may not hold stays in the database, or a signed webhook would become an open one.
        var read = files.Read(Encoding.UTF8.GetString(WorkflowText.Write(clean)));
        // Every definition is held to the rules of a gesture too, or no gesture could be made on it.
        return read.Ok ? rules.Apply(read.Value, []) : read;
    }

    private static IQueryable<WorkflowRow> Filter(IQueryable<WorkflowRow> rows, WorkflowQuery query)
    {
        if (!string.IsNullOrWhiteSpace(query.Text))
        {
            var part = AgentRules.NormalizeName(query.Text);
            rows = rows.Where(row => row.NormalizedName!.Contains(part));
        }

        if (!string.IsNullOrWhiteSpace(query.Tag))
        {
            var whole = $"\n{AgentRules.NormalizeName(query.Tag)}\n";
            rows = rows.Where(row => row.NormalizedTags.Contains(whole));
        }

        if (query.ProjectId is { } project)
        {
            rows = rows.Where(row => row.ProjectId == project);
        }

        if (query.Offered)
        {
            rows = rows.Where(row => row.Offered && row.PublishedVersion != null);
        }

        if (!string.IsNullOrEmpty(query.Cursor))
        {
            var (at, key) = WorkflowCursor.Read(query.Cursor);
            rows = rows.Where(row => row.UpdatedAt < at || (row.UpdatedAt == at && row.Key < key));
        }

        return rows;
    }

    private static IQueryable<WorkflowVersionRow> Versions(LabDbContext context, Guid id, Actor actor) =>
        from row in WorkflowRights.Visible(context.Set<WorkflowRow>(), actor)
        join saved in context.Set<WorkflowVersionRow>() on row.Key equals saved.WorkflowKey
        where row.Id == id
        select saved;

    private static WorkflowVersion ToVersion(WorkflowVersionRow row) =>
        new(row.Version, UtcMicroseconds.ToTime(row.PublishedAt), row.PublishedBy, row.Note, WorkflowText.Read(row.Definition));
}

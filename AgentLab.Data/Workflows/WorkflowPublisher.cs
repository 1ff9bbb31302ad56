using AgentLab.Core;
using AgentLab.Core.Identity;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Workflows;

/// <summary>Makes versions of drafts and keeps the addresses and events by which they start.</summary>
internal sealed class WorkflowPublisher(
    LabDatabase database, IWorkflowRules rules, WorkflowLanes lanes, WorkflowHooks hooks, WorkflowVersions versions, IWorkflowRooms rooms,
    TimeProvider clock)
{
    /// <summary>See <see cref="IWorkflowStore.PublishAsync"/>.</summary>
    public async Task<Outcome<Workflow>> PublishAsync(Guid id, long expectedRevision, string note, Actor actor, CancellationToken cancellationToken)
    {
        if (note.Length > WorkflowText.NoteLength)
        {
            return Outcome<Workflow>.Failure(LabError.Invalid("note", $"The note must have at most {WorkflowText.NoteLength} characters; it has {note.Length}."));
        }

        var outcome = await ChangeAsync(
            id,
            actor,
            (found, token) => Task.FromResult<IReadOnlyList<LabError>>(found.Row.Revision != expectedRevision
                ? [WorkflowFaults.Moved(expectedRevision, found.Row.Revision)]
                : WorkflowFaults.Of(rules.Validate(WorkflowText.Read(found.Draft)))),
            (context, row, found, token) => PublishAsync(context, row, found, note, actor, token),
            cancellationToken);
        if (outcome.Ok)
        {
            rooms.Announce(id, new RoomChange("published", outcome.Value.Revision, null, actor.UserId, [], note));
        }

        return outcome;
    }

    /// <summary>See <see cref="IWorkflowStore.SetActiveAsync"/>.</summary>
    public Task<Outcome<Workflow>> SetActiveAsync(Guid id, bool active, Actor actor, CancellationToken cancellationToken) => ChangeAsync(
        id,
        actor,
        (_, _) => Task.FromResult<IReadOnlyList<LabError>>([]),
        async (context, row, _, token) =>
        {
            row.Active = active;
            var published = active && row.PublishedVersion is { } version
                ? await context.Set<WorkflowVersionRow>().Where(saved => saved.WorkflowKey == row.Key && saved.Version == version)
                    .Select(saved => saved.Definition).FirstAsync(token)
                : null;
            return await WorkflowTriggerRows.SetAsync(context, row, published is null ? null : WorkflowText.Read(published), token);
        },
        cancellationToken);

    /// <summary>See <see cref="IWorkflowStore.SetOfferedAsync"/>.</summary>
    public Task<Outcome<Workflow>> SetOfferedAsync(Guid id, bool offered, Actor actor, CancellationToken cancellationToken) => ChangeAsync(
        id,
        actor,
        (found, _) => Task.FromResult<IReadOnlyList<LabError>>(offered && found.Row.PublishedVersion is null
            ? [new LabError("workflow_not_published", $"The workflow {found.Row.Name} has no published version. Publish it, then offer it.")]
            : []),
        (_, row, _, _) =>
        {
            row.Offered = offered;
            return Task.FromResult<LabError?>(null);
        },
        cancellationToken);

    /// <summary>See <see cref="IWorkflowStore.DeleteAsync"/>.</summary>
    public Task<Outcome<Workflow>> DeleteAsync(Guid id, Actor actor, CancellationToken cancellationToken) => ChangeAsync(
        id,
        actor,
        (_, _) => Task.FromResult<IReadOnlyList<LabError>>([]),
        (context, row, _, token) =>
        {
            row.Active = false;
            row.NormalizedName = null;
            row.DeletedAt = UtcMicroseconds.Now(clock);
            return WorkflowTriggerRows.SetAsync(context, row, null, token);
        },
        cancellationToken);

    /// <summary>The new version and its triggers; nothing when the draft is the published version already.</summary>
    private async Task<LabError?> PublishAsync(
        LabDbContext context, WorkflowRow row, FoundWorkflow found, string note, Actor actor, CancellationToken cancellationToken)
    {
        if (row.PublishedHash == row.DraftHash)
        {
            return null;
        }

        row.PublishedVersion = (row.PublishedVersion ?? 0) + 1;
        row.PublishedHash = row.DraftHash;
        context.Add(new WorkflowVersionRow
        {
            WorkflowKey = row.Key,
            Version = row.PublishedVersion.Value,
            Definition = found.Draft,
            Note = note,
            PublishedAt = UtcMicroseconds.Now(clock),
            PublishedBy = actor.UserId,
        });
        return await WorkflowTriggerRows.SetAsync(context, row, row.Active ? WorkflowText.Read(found.Draft) : null, cancellationToken);
    }

    private async Task<Outcome<Workflow>> ChangeAsync(
        Guid id, Actor actor, Func<FoundWorkflow, CancellationToken, Task<IReadOnlyList<LabError>>> look,
        Func<LabDbContext, WorkflowRow, FoundWorkflow, CancellationToken, Task<LabError?>> change, CancellationToken cancellationToken)
    {
        using var lane = await lanes.EnterAsync(id, cancellationToken);
        // Before too: a run that ends right behind the commit must be noted already.
        hooks.Forget();
        var outcome = await WriteRetries.RunAsync(async () =>
        {
            var found = await WorkflowReads.ForChangeAsync(database, id, actor, cancellationToken);
            if (!found.Ok)
            {
                return Outcome<Workflow>.Failure(found.Errors);
            }

            var faults = await look(found.Value, cancellationToken);
            return faults.Count > 0
                ? Outcome<Workflow>.Failure(faults)
                : await database.WriteAsync((context, token) => WriteAsync(context, found.Value, change, token), cancellationToken);
        });
        if (outcome.Ok)
        {
            hooks.Forget();
            versions.Forget();
        }

        return outcome;
    }

    private static async Task<Outcome<Workflow>> WriteAsync(
        LabDbContext context, FoundWorkflow found, Func<LabDbContext, WorkflowRow, FoundWorkflow, CancellationToken, Task<LabError?>> change,
        CancellationToken cancellationToken)
    {
        var row = found.Row.Copy();
        var entry = context.Attach(row);
        if (await change(context, row, found, cancellationToken) is { } fault)
        {
            context.ChangeTracker.Clear();
            return Outcome<Workflow>.Failure(fault);
        }

        // The revision stays; that it is the one that was read is looked at all the same.
        entry.Property(workflow => workflow.Active).IsModified = true;
        return Outcome<Workflow>.Success((found with { Row = row }).ToWorkflow());
    }
}

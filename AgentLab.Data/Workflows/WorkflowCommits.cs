using AgentLab.Core;
using AgentLab.Core.Agents;
using AgentLab.Core.Identity;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Workflows;

/// <summary>Puts gestures and whole definitions into drafts, one after the other.</summary>
internal sealed class WorkflowCommits(
    LabDatabase database, IWorkflowRules rules, WorkflowHistory history, WorkflowLanes lanes, IWorkflowRooms rooms, TimeProvider clock)
{
    /// <summary>Commits a gesture; see <see cref="IWorkflowStore.CommitAsync"/>.</summary>
    public async Task<Outcome<DraftCommit>> CommitAsync(Guid id, long baseRevision, Gesture gesture, Actor actor, CancellationToken cancellationToken)
    {
        using var lane = await lanes.EnterAsync(id, cancellationToken);
        return await WriteRetries.RunAsync(async () =>
        {
            var found = await WorkflowReads.ForChangeAsync(database, id, actor, cancellationToken);
            if (!found.Ok)
            {
                return Outcome<DraftCommit>.Failure(found.Errors);
            }

            if (await LandedAsync(found.Value, gesture.Id, cancellationToken) is { } before)
            {
                return Outcome<DraftCommit>.Success(before);
            }

            var merged = await MergeAsync(found.Value, baseRevision, gesture.Operations, cancellationToken);
            return merged.Ok
                ? await WriteAsync(found.Value, merged.Value, baseRevision, gesture, actor, cancellationToken)
                : Outcome<DraftCommit>.Failure(merged.Errors);
        });
    }

    /// <summary>Puts a whole definition in the draft's place; see <see cref="IWorkflowStore.ReplaceAsync"/>.</summary>
    public async Task<Outcome<Workflow>> ReplaceAsync(
        Guid id, long expectedRevision, Outcome<WorkflowDefinition> definition, Actor actor, CancellationToken cancellationToken)
    {
        using var lane = await lanes.EnterAsync(id, cancellationToken);
        return await WriteRetries.RunAsync(async () =>
        {
            var found = await WorkflowReads.ForChangeAsync(database, id, actor, cancellationToken);
            if (!found.Ok)
            {
                return Outcome<Workflow>.Failure(found.Errors);
            }

            var row = found.Value.Row;
            if (row.Revision != expectedRevision)
            {
                return Outcome<Workflow>.Failure(WorkflowFaults.Moved(expectedRevision, row.Revision));
            }

            if (!definition.Ok)
            {
                return Outcome<Workflow>.Failure(definition.Errors);
            }

            return WorkflowText.Hash(WorkflowText.Write(definition.Value)) == row.DraftHash
                ? Outcome<Workflow>.Success(found.Value.ToWorkflow())
                : await WriteAsync(found.Value, definition.Value, actor, cancellationToken);
        });
    }

    /// <summary>What the same gesture led to when it came before; null when it is new.</summary>
    private async Task<DraftCommit?> LandedAsync(FoundWorkflow found, Guid gesture, CancellationToken cancellationToken)
    {
        var revision = await database.ReadAsync(
            (context, token) => context.Set<WorkflowGestureRow>().Where(row => row.WorkflowKey == found.Row.Key && row.Gesture == gesture)
                .Select(row => (long?)row.Revision).FirstOrDefaultAsync(token),
            cancellationToken);
        return revision is null ? null : new DraftCommit(found.Row.Revision, WorkflowText.Read(found.Draft), revision != found.Row.Revision);
    }

    private async Task<Outcome<WorkflowDefinition>> MergeAsync(
        FoundWorkflow found, long baseRevision, IReadOnlyList<WorkflowOperation> operations, CancellationToken cancellationToken)
    {
        var current = WorkflowText.Read(found.Draft);
        if (baseRevision == found.Row.Revision)
        {
            return CheckName(rules.Apply(current, operations));
        }

        var basis = baseRevision < found.Row.Revision ? await history.FindAsync(found.Row.Key, baseRevision, cancellationToken) : null;
        return basis is null
            ? Outcome<WorkflowDefinition>.Failure(WorkflowFaults.Forgotten(baseRevision, found.Row.Revision))
            : CheckName(rules.Merge(basis, current, operations));
    }

    /// <summary>The name is a column as well, which takes less than a text of JSON may hold.</summary>
    private static Outcome<WorkflowDefinition> CheckName(Outcome<WorkflowDefinition> outcome) =>
        !outcome.Ok || (outcome.Value.Name.Trim().Length is > 0 and <= AgentRules.NameLength && AgentRules.IsPlainText(outcome.Value.Name))
            ? outcome
            : Outcome<WorkflowDefinition>.Failure(LabError.Invalid("name", $"The name must be one line of 1 to {AgentRules.NameLength} characters."));

    private async Task<Outcome<DraftCommit>> WriteAsync(
        FoundWorkflow found, WorkflowDefinition definition, long baseRevision, Gesture gesture, Actor actor, CancellationToken cancellationToken)
    {
        var merged = baseRevision != found.Row.Revision;
        var made = new Revision(gesture.Id, baseRevision, gesture.Label, gesture.Operations, actor.UserId, UtcMicroseconds.Now(clock), Whole: merged);
        var written = await ReviseAsync(found, definition, made, cancellationToken);
        if (!written.Ok)
        {
            return Outcome<DraftCommit>.Failure(written.Errors);
        }

        var revision = written.Value.Row.Revision;
        rooms.Announce(found.Row.Id, new RoomChange("committed", revision, gesture.Id, actor.UserId, gesture.Operations, made.Label));
        return Outcome<DraftCommit>.Success(new DraftCommit(revision, definition, merged));
    }

    private async Task<Outcome<Workflow>> WriteAsync(FoundWorkflow found, WorkflowDefinition definition, Actor actor, CancellationToken cancellationToken)
    {
        var operations = rules.Difference(WorkflowText.Read(found.Draft), definition);
        var made = new Revision(Guid.CreateVersion7(), found.Row.Revision, "Replaced", operations, actor.UserId, UtcMicroseconds.Now(clock), Whole: true);
        var written = await ReviseAsync(found, definition, made, cancellationToken);
        if (!written.Ok)
        {
            return Outcome<Workflow>.Failure(written.Errors);
        }

        rooms.Announce(found.Row.Id, new RoomChange("replaced", written.Value.Row.Revision, made.Gesture, actor.UserId, operations, made.Label));
        return Outcome<Workflow>.Success(written.Value.ToWorkflow());
    }

    private Task<Outcome<FoundWorkflow>> ReviseAsync(FoundWorkflow found, WorkflowDefinition definition, Revision made, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) => await WorkflowWrites.NameIsTakenAsync(context, definition.Name, found.Row.OwnerId, found.Row.Id, token)
                ? Outcome<FoundWorkflow>.Failure(WorkflowFaults.NameTaken(definition.Name))
                : Outcome<FoundWorkflow>.Success(await WorkflowWrites.ReviseAsync(context, found.Row, definition, made, token)),
            cancellationToken);
}

/// <summary>One gesture of a person or of the builder.</summary>
internal sealed record Gesture(Guid Id, string Label, IReadOnlyList<WorkflowOperation> Operations);

using AgentLab.Core.Agents;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Data.Projects;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Workflows;

/// <summary>Writes the rows of a workflow inside a transaction of the caller's.</summary>
internal static class WorkflowWrites
{
    private const string SlugFallback = "workflow";

    /// <summary>How many gestures are kept at least, and how often one of them carries the whole draft.</summary>
    private const int KeptGestures = 500;
    private const int SnapshotEvery = 25;

    /// <summary>Adds a workflow whose name is free for its owner.</summary>
    public static async Task<FoundWorkflow> AddAsync(
        LabDbContext context, WorkflowDefinition definition, string slug, Guid owner, long now, CancellationToken cancellationToken)
    {
        var draft = WorkflowText.Write(definition);
        var row = new WorkflowRow
        {
            Id = Guid.CreateVersion7(),
            OwnerId = owner,
            ProjectId = Project.DefaultId,
            Slug = await FreeSlugAsync(context, slug, cancellationToken),
            Name = string.Empty,
            Description = string.Empty,
            Tags = string.Empty,
            NormalizedTags = string.Empty,
            DraftHash = string.Empty,
            Active = true,
            Revision = 1,
            CreatedAt = now,
        };
        Describe(row, definition, draft, now);
        context.Add(row);
        // The draft needs the key that the database gives.
        await context.SaveChangesAsync(cancellationToken);
        context.Add(new WorkflowDraftRow { WorkflowKey = row.Key, Definition = draft });
        context.Add(new WorkflowGestureRow
        {
            WorkflowKey = row.Key,
            Revision = 1,
            Gesture = Guid.CreateVersion7(),
            Label = "Created",
            MadeBy = owner,
            MadeAt = now,
            Operations = WorkflowText.Write([]),
            Snapshot = draft,
        });
        return new FoundWorkflow(row, draft);
    }

    /// <summary>The slug that a workflow of this name gets if it is free.</summary>
    public static string Slug(string name) => AgentSlug.Of(name, SlugFallback);

    /// <summary>Puts a draft in the place of the one before, as the next revision, and notes the gesture. The row must be as it was read.</summary>
    public static async Task<FoundWorkflow> ReviseAsync(
        LabDbContext context, WorkflowRow before, WorkflowDefinition definition, Revision made, CancellationToken cancellationToken)
    {
        var row = before.Copy();
        context.Attach(row);
        var draft = WorkflowText.Write(definition);
        row.Revision++;
        Describe(row, definition, draft, made.At);
        var kept = new WorkflowDraftRow { WorkflowKey = row.Key, Definition = draft };
        context.Attach(kept).Property(entity => entity.Definition).IsModified = true;
        var snapshot = made.Whole || row.Revision % SnapshotEvery == 0;
        context.Add(new WorkflowGestureRow
        {
            WorkflowKey = row.Key,
            Revision = row.Revision,
            Gesture = made.Gesture,
            BaseRevision = made.BaseRevision,
            Label = WorkflowText.Cut(made.Label, WorkflowText.LabelLength),
            MadeBy = made.By,
            MadeAt = made.At,
            Operations = WorkflowText.Write(made.Operations),
            Snapshot = snapshot ? draft : null,
        });
        if (snapshot)
        {
            await PruneAsync(context, row, cancellationToken);
        }

        return new FoundWorkflow(row, draft);
    }

    public static Task<bool> NameIsTakenAsync(LabDbContext context, string name, Guid owner, Guid? but, CancellationToken cancellationToken)
    {
        var normalized = AgentRules.NormalizeName(name);
        return context.Set<WorkflowRow>().AnyAsync(row => row.OwnerId == owner && row.NormalizedName == normalized && row.Id != but, cancellationToken);
    }

    private static void Describe(WorkflowRow row, WorkflowDefinition definition, byte[] draft, long now)
    {
        row.Name = definition.Name;
        row.NormalizedName = AgentRules.NormalizeName(definition.Name);
        row.Description = definition.Description;
        row.Tags = WorkflowText.Tags(definition.Tags);
        row.NormalizedTags = WorkflowText.NormalizedTags(definition.Tags);
        row.Nodes = definition.Nodes.Count;
        row.DraftHash = WorkflowText.Hash(draft);
        row.UpdatedAt = now;
    }

    /// <summary>Forgets the gestures before the newest snapshot that is old enough: from it on every revision can be rebuilt.</summary>
    private static async Task PruneAsync(LabDbContext context, WorkflowRow row, CancellationToken cancellationToken)
    {
        var oldest = row.Revision - KeptGestures;
        var gestures = context.Set<WorkflowGestureRow>().Where(gesture => gesture.WorkflowKey == row.Key);
        var basis = await gestures.Where(gesture => gesture.Revision <= oldest && gesture.Snapshot != null)
            .MaxAsync(gesture => (long?)gesture.Revision, cancellationToken);
        if (basis is { } first)
        {
            await gestures.Where(gesture => gesture.Revision < first).ExecuteDeleteAsync(cancellationToken);
        }
    }

    private static async Task<string> FreeSlugAsync(LabDbContext context, string slug, CancellationToken cancellationToken)
    {
        var numbered = $"{slug}-";
        var taken = await context.Set<WorkflowRow>().Where(row => row.Slug == slug || row.Slug.StartsWith(numbered))
            .Select(row => row.Slug).ToListAsync(cancellationToken);
        return AgentSlug.Free(slug, taken.ToHashSet(StringComparer.Ordinal));
    }
}

/// <summary>What made a revision of a draft.</summary>
/// <param name="Gesture">Its maker's name for it.</param>
/// <param name="BaseRevision">The revision that it was made on.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Operations">What it did.</param>
/// <param name="By">Who made it.</param>
/// <param name="At">When, in UTC microseconds.</param>
/// <param name="Whole">Whether it must be kept as a whole draft, since its operations alone do not lead there from the revision before.</param>
internal sealed record Revision(Guid Gesture, long BaseRevision, string Label, IReadOnlyList<WorkflowOperation> Operations, Guid By, long At, bool Whole);

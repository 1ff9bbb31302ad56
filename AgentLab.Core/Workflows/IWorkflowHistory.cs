using AgentLab.Core.Identity;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Core.Workflows;

/// <summary>What was done to drafts lately: at least the newest 500 gestures of each.</summary>
public interface IWorkflowHistory
{
    /// <summary>The gestures behind this revision, oldest first, at most 100; empty when there are none for this actor.</summary>
    ValueTask<IReadOnlyList<DraftChange>> SinceAsync(Guid workflow, long revision, Actor actor, CancellationToken cancellationToken);
}

/// <summary>One gesture that is in a draft.</summary>
/// <param name="Revision">The draft's revision with it.</param>
/// <param name="Gesture">Its maker's name for it.</param>
/// <param name="Label">What people call it.</param>
/// <param name="By">Who made it.</param>
/// <param name="At">When.</param>
/// <param name="Operations">What it did.</param>
public sealed record DraftChange(long Revision, Guid Gesture, string Label, Guid By, DateTimeOffset At, IReadOnlyList<WorkflowOperation> Operations);

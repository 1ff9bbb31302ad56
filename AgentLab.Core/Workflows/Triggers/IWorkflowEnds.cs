using AgentLab.Core.Sessions;

namespace AgentLab.Core.Workflows.Triggers;

/// <summary>Ends of runs for which other workflows wait. Each was committed with the end itself and stays until it is done with, across restarts.</summary>
public interface IWorkflowEnds
{
    /// <summary>The oldest ones, with what they start; at most <paramref name="max"/>. Empty at no cost while no workflow waits for another.</summary>
    ValueTask<IReadOnlyList<WorkflowEnd>> ReadAsync(int max, CancellationToken cancellationToken);

    /// <summary>Everything that this end starts was started.</summary>
    Task DoneAsync(RunId run, CancellationToken cancellationToken);
}

/// <summary>The end of a run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Session">Its session.</param>
/// <param name="Workflow">The workflow.</param>
/// <param name="Slug">Its readable id.</param>
/// <param name="Status"><c>completed</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Followers">What it starts.</param>
public sealed record WorkflowEnd(RunId Run, SessionId Session, Guid Workflow, string Slug, string Status, IReadOnlyList<WorkflowFollower> Followers);

/// <summary>A workflow that an end starts.</summary>
/// <param name="Workflow">The workflow.</param>
/// <param name="Node">Its trigger's node.</param>
/// <param name="OwnerId">On whose behalf it runs.</param>
public sealed record WorkflowFollower(Guid Workflow, string Node, Guid OwnerId);

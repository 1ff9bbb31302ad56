using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Engine;

namespace AgentLab.Core.Agents.Runs;

/// <summary>The runs that have not ended, from the rows that are committed with their events.</summary>
public interface IRunDirectory
{
    /// <summary>
    /// Runs that are going on and that no node holds: their node has ended, or its lease is over. Those that were taken up least often first, of these the oldest; those that wait are left out, since nobody needs to hold them.
    /// </summary>
    ValueTask<IReadOnlyList<OwnedRun>> FreeAsync(int max, CancellationToken cancellationToken);

    /// <summary>Runs that wait although a person has asked them to stop: whoever was about to end them has ended before.</summary>
    ValueTask<IReadOnlyList<OwnedRun>> StoppedWaitingAsync(int max, CancellationToken cancellationToken);

    /// <summary>The runs of a node that are going on although a person has asked them to stop.</summary>
    ValueTask<IReadOnlyList<RunId>> StopRequestedAsync(string node, CancellationToken cancellationToken);

    /// <summary>The run, unless it has ended.</summary>
    ValueTask<OwnedRun?> FindAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>A node lets go of its runs by itself: none of them has ended its process, and how often they were taken up is counted anew.</summary>
    ValueTask ClearRecoveriesAsync(string node, CancellationToken cancellationToken);

    /// <summary>A process has outlived its hold of a run: how often the run was taken up is counted anew.</summary>
    ValueTask ClearRecoveriesAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>How any run stands, ended or not; null when there is none (or its session was deleted).</summary>
    ValueTask<RunRecord?> FindRecordAsync(RunId run, CancellationToken cancellationToken);
}

/// <summary>A run that has not ended.</summary>
/// <param name="Session">Its session.</param>
/// <param name="Run">The run.</param>
/// <param name="Fence">The fencing number of its present owner.</param>
/// <param name="Waiting">Whether it waits: then nobody needs to hold it, and whoever wakes it takes it.</param>
/// <param name="Node">The id of the node that holds it, or held it last.</param>
/// <param name="StopRequested">Whether a person has asked it to stop.</param>
/// <param name="Recoveries">How often it was taken up from a process that ended, since its last step began, it waited or a process let go of it by itself.</param>
public sealed record OwnedRun(SessionId Session, RunId Run, long Fence, bool Waiting, string Node, bool StopRequested = false, int Recoveries = 0);

/// <summary>A run as its row has it.</summary>
/// <param name="Session">Its session.</param>
/// <param name="Run">The run.</param>
/// <param name="OwnerId">Who owns its session.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Workflow">The workflow that runs; null for an agent.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="ErrorCode">Why it failed.</param>
public sealed record RunRecord(
    SessionId Session, RunId Run, Guid OwnerId, SessionStatus Status, WorkflowReference? Workflow, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? ErrorCode);

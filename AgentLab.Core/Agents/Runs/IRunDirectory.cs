using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Engine;

namespace AgentLab.Core.Agents.Runs;

/// <summary>Finds the runs that have not ended, from the rows that are committed with their events.</summary>
public interface IRunDirectory
{
    /// <summary>The runs that were going on when the forerunner of this process ended; those that wait for a person are left out.</summary>
    ValueTask<IReadOnlyList<OwnedRun>> LeftRunningAsync(CancellationToken cancellationToken);

    /// <summary>The run, unless it has ended.</summary>
    ValueTask<OwnedRun?> FindAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>How any run stands, ended or not; null when there is none (or its session was deleted).</summary>
    ValueTask<RunRecord?> FindRecordAsync(RunId run, CancellationToken cancellationToken);
}

/// <summary>A run that has not ended.</summary>
/// <param name="Session">Its session.</param>
/// <param name="Run">The run.</param>
/// <param name="Fence">The fencing number of its present owner.</param>
/// <param name="Waiting">Whether it waits for a person.</param>
public sealed record OwnedRun(SessionId Session, RunId Run, long Fence, bool Waiting);

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

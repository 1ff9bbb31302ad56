using AgentLab.Core.Sessions;

namespace AgentLab.Core.Agents.Runs;

/// <summary>Keeps this process's runs going.</summary>
public interface IRunSupervisor
{
    /// <summary>Starts the loop of a run that is in the log under this fencing number. Returns at once. A run that is going on
    /// under this number or a higher one is left alone; one under a lower number is ended first, since it can no longer write.</summary>
    void Start(SessionId session, RunFence fence);

    /// <summary>As above, for a run whose loop its starter has made already, so that its log need not be read. The supervisor disposes of the loop, whatever comes of it.</summary>
    internal void Start(SessionId session, RunFence fence, IRunLoop? made) => Start(session, fence);

    /// <summary>Tells a run that a stop was requested (and is in the log): it ends soon. False when this process does not have it.</summary>
    bool Stop(RunId run);

    /// <summary>How many runs are going on in this process.</summary>
    int Active { get; }

    /// <summary>Completes when the run is no longer going on in this process, at once when it never was.</summary>
    Task WhenIdleAsync(RunId run, CancellationToken cancellationToken);
}

using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Agents.Runs;

/// <summary>Where an agent's steps are recorded: the run's own journal, or a step of a workflow's run.</summary>
internal abstract class StepJournal : IDisposable
{
    /// <summary>The run.</summary>
    public abstract RunId Run { get; }

    /// <summary>What stands before the ids of the steps in the log: empty in an agent's own run.</summary>
    public virtual string Prefix => string.Empty;

    /// <summary>Appends events and folds them.</summary>
    /// <returns>The sequence of the first of them.</returns>
    /// <exception cref="RunLostException">Another node has the run by now, or the session is gone: nothing was written, and nothing more may be done.</exception>
    public abstract Task<long> AppendAsync(IReadOnlyList<NewEvent> events, IReadOnlyList<Blob> blobs, CancellationToken cancellationToken);

    /// <summary>
    /// To be awaited right before anything that has an effect outside: completes while this process is certainly the run's owner, at once as a rule, and after the next renewal of
    /// its lease when that is late.
    /// </summary>
    /// <exception cref="RunLostException">The run belongs to whoever takes it: nothing more may be done.</exception>
    public abstract ValueTask HoldAsync(CancellationToken cancellationToken);

    /// <summary>An event of the run.</summary>
    public NewEvent Event(EventData data) => new(data, Run);

    /// <summary>An event of a step.</summary>
    public NewEvent Event(EventData data, string stepId, int attempt) => new(data, Run, stepId, attempt);

    /// <inheritdoc />
    public abstract void Dispose();
}

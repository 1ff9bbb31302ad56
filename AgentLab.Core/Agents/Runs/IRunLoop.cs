using AgentLab.Core.Sessions;

namespace AgentLab.Core.Agents.Runs;

/// <summary>What one run does, an agent's or a workflow's. The supervisor owns everything else: its turn, its fence, its stop and its end.</summary>
internal interface IRunLoop : IDisposable
{
    /// <summary>Runs to the run's end or to a pause.</summary>
    /// <param name="stop">Fires when a person asked to stop (and that is in the log): the end is written soon.</param>
    /// <param name="shutdown">Fires when the process ends: the run is left as it is, to be taken up again.</param>
    /// <returns>True when it left the run waiting.</returns>
    Task<bool> RunAsync(CancellationToken stop, CancellationToken shutdown);
}

/// <summary>Makes the loops of one kind of run from the log.</summary>
internal interface IRunKind
{
    /// <summary>Whether runs of this session are of this kind.</summary>
    bool Fits(SessionSummary session);

    /// <summary>The loop of a run, folded from its log.</summary>
    /// <exception cref="RunNotLoadableException">What it needs is gone.</exception>
    Task<IRunLoop> LoadAsync(SessionSummary session, RunFence fence, CancellationToken cancellationToken);
}

/// <summary>A run cannot go on because something that it needs is gone. It fails with this code.</summary>
internal sealed class RunNotLoadableException(string code, string message) : Exception(message)
{
    /// <summary>A stable code.</summary>
    public string Code => code;
}

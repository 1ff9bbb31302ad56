namespace AgentLab.Core.Agents.Runs;

/// <summary>In place of a run's own loop, when the run was taken up again and again and never got any further: it fails, so that it does no more harm.</summary>
/// <param name="times">How often it was taken up by a process that ended without having let go of it.</param>
internal sealed class SetAsideLoop(int times) : IRunLoop
{
    /// <inheritdoc />
    public Task<bool> RunAsync(CancellationToken stop, CancellationToken shutdown) => Task.FromException<bool>(new RunNotLoadableException(
        RunReasons.SetAside, $"The program ended {times} times while this run was at the same step. It was set aside; look at what the step does before you try it again."));

    /// <inheritdoc />
    public void Dispose()
    {
    }
}

using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Engine;

namespace AgentLab.Core.Agents.Runs;

/// <summary>Runs of agents.</summary>
internal sealed class AgentRunKind(RunLoader loader, ModelStep modelStep, ToolStep toolStep, LiveRuns live, TimeProvider time) : IRunKind
{
    /// <inheritdoc />
    public bool Fits(SessionSummary session) => session.AgentId is not null;

    /// <inheritdoc />
    public async Task<IRunLoop> LoadAsync(SessionSummary session, RunFence fence, CancellationToken cancellationToken) =>
        await loader.LoadAsync(session.Id, fence, cancellationToken) is { } context
            ? new Loop(context, new AgentRun(context, modelStep, toolStep, time), live)
            : throw new RunNotLoadableException("agent_missing", "The agent's version that this session keeps is gone. Start a session with another agent.");

    private sealed class Loop(RunContext context, AgentRun run, LiveRuns live) : IRunLoop
    {
        public async Task<bool> RunAsync(CancellationToken stop, CancellationToken shutdown)
        {
            if (context.Fold.Ended)
            {
                return false;
            }

            var decisions = context.Decisions!;
            live.Add(context.Journal.Run, decisions);
            try
            {
                await run.RunAsync(stop, shutdown);
            }
            finally
            {
                await decisions.CloseAsync();
                live.Remove(context.Journal.Run, decisions);
            }

            return context.Fold is { Paused: true, Ended: false };
        }

        public void Dispose()
        {
            context.Decisions!.Dispose();
            context.Journal.Dispose();
        }
    }
}

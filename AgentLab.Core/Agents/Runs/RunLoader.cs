using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Approvals;
using AgentLab.Core.Sessions;
using AgentLab.Core.Tools;

namespace AgentLab.Core.Agents.Runs;

/// <summary>Reads a run's session and folds it: the same for a new run and for one that goes on.</summary>
internal sealed class RunLoader(ISessionReader reader, ISessionLog log, IAgentStore agents, IToolRegistry tools, NodeLease lease, TimeProvider time)
{
    private const int PageSize = 2000;

    private static readonly string[] Types =
        [.. EventCatalog.All.Select(k => k.Type).Where(t => t != EventCatalog.Of<Sessions.Events.ModelDelta>().Type)];

    /// <summary>What the run's steps share; null when the session or the agent's version is gone.</summary>
    public async Task<RunContext?> LoadAsync(SessionId id, RunFence fence, CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(id, cancellationToken) is not { AgentId: { } agentId, AgentVersion: { } version } session
            || await agents.FindVersionAsync(agentId, version, cancellationToken) is not { } agent)
        {
            return null;
        }

        var term = lease.Current;
        var fold = new RunFold(fence.RunId);
        var conversation = new Conversation();
        var grants = new SessionGrants();
        var through = await FoldAsync(id, fold, conversation, grants, cancellationToken);
        var journal = new RunJournal(log, id, fence, fold, term, time);
        return new RunContext(session, agent, fold, conversation, journal, tools.Resolve(agent.Definition.Tools).Tools)
        {
            ContextThrough = through,
            Grants = grants,
            Decisions = new LiveDecisions(journal, fold, grants),
        };
    }

    private async Task<long> FoldAsync(SessionId id, RunFold fold, Conversation conversation, SessionGrants grants, CancellationToken cancellationToken)
    {
        long position = 0;
        while (true)
        {
            var page = await reader.ReadAsync(id, position, long.MaxValue, PageSize, Types, descending: false, cancellationToken);
            foreach (var e in page)
            {
                fold.Apply(e);
                conversation.Apply(e);
                grants.Apply(e.Data);
                position = e.Sequence;
            }

            if (page.Count < PageSize)
            {
                return conversation.Turns.Count > 0 ? conversation.Turns[^1].Sequence : position;
            }
        }
    }
}

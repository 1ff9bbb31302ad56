using AgentLab.Bench.Storage;
using AgentLab.Core.Agents;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Data.Projects;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Bench.Resume;

/// <summary>A run in the midst of its work: many steps on record, the next one not begun.</summary>
internal static class LongRun
{
    private const int StepsPerAppend = 2;
    private const int DeltasPerCall = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>Writes it under the first agent that the instance offers; returns the session and its head.</summary>
    public static async Task<(SessionId Session, long Head)> WriteAsync(IServiceProvider services, int steps, CancellationToken cancellationToken)
    {
        var log = services.GetRequiredService<ISessionLog>();
        var admin = new Actor(Guid.Empty, ActorRole.Admin);
        var agents = await services.GetRequiredService<IAgentStore>().ListAsync(new AgentQuery(), admin, cancellationToken);
        var agent = agents.Items[0];
        var (session, run) = (SessionId.New(), RunId.New());
        NewEvent[] first =
        [
            new(new SessionCreated("A long run", agent.Id, agent.Version, agent.Name, Guid.Empty, Project.DefaultId)),
            new(new MessageUser("Which region sold most?")),
            new(new RunStarted("message", agent.Id, agent.Version, new RunLimits()), run),
        ];
        var made = await log.AppendAsync(new SessionAppend(session, first) { Create = new NewSession(Guid.Empty, Project.DefaultId) }, cancellationToken);
        var head = made.Receipt!.Last;
        for (var call = 1; call <= steps / StepsPerAppend; call++)
        {
            var events = SessionHistory.CallTool(run, $"model[{call}]", $"tool[{call}.1]", DeltasPerCall);
            head = (await log.AppendAsync((session, run), events, cancellationToken)).Last;
        }

        return (session, head);
    }

    /// <summary>Waits until the session has come this far.</summary>
    public static async Task HeadAsync(IServiceProvider services, SessionId session, long head, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var reader = services.GetRequiredService<ISessionReader>();
        while (await reader.FindAsync(session, patience.Token) is not { } found || found.Head < head)
        {
            await Task.Delay(LookEvery, patience.Token);
        }
    }
}

using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Data.Projects;

namespace AgentLab.Bench.Storage;

/// <summary>Makes sessions with a run that is going on, as the measurements need them.</summary>
internal static class SessionMaker
{
    /// <summary>Events that a new session begins with.</summary>
    public const int FirstEvents = 3;

    public static async Task<(SessionId Session, RunId Run)> CreateAsync(ISessionLog log, Guid owner, CancellationToken cancellationToken)
    {
        var (id, run) = (SessionId.New(), RunId.New());
        NewEvent[] events =
        [
            new(new SessionCreated("A measured session", Guid.Empty, 1, "Analyst", owner, Project.DefaultId)),
            new(new MessageUser("Count.")),
            new(new RunStarted("message", Guid.Empty, 1, new RunLimits()), run),
        ];
        Check(await log.AppendAsync(new SessionAppend(id, events) { Create = new NewSession(owner, Project.DefaultId) }, cancellationToken));
        return (id, run);
    }

    /// <summary>Appends these to a run that is going on.</summary>
    public static async ValueTask<AppendReceipt> AppendAsync(
        this ISessionLog log, (SessionId Session, RunId Run) to, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken) =>
        Check(await log.AppendAsync(new SessionAppend(to.Session, events) { Fence = new RunFence(to.Run, 1) }, cancellationToken));

    private static AppendReceipt Check(AppendOutcome outcome) =>
        outcome.Receipt ?? throw new InvalidOperationException($"The append was refused: {outcome.Refusal}.");
}

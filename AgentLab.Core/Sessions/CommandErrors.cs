using AgentLab.Core.Agents;

namespace AgentLab.Core.Sessions;

/// <summary>Why a command on a session is not carried out, in words for people.</summary>
internal static class CommandErrors
{
    public static LabError AgentDisabled(Agent agent) =>
        new("agent_disabled", $"The agent {agent.Name} is {agent.Status.ToString().ToLowerInvariant()} and starts no runs.");

    public static LabError UnknownAttachment() =>
        LabError.Invalid("attachments", "One of the files is not (or no longer) there. Upload it again.");

    public static LabError RunNotActive() => new("run_not_active", "No run is going on in this session.");

    public static LabError Of(AppendRefusal refusal) => refusal switch
    {
        AppendRefusal.SessionNotFound => LabError.NotFound("session"),
        AppendRefusal.RunActive => new LabError("run_active", "A run is going on in this session. Wait for its end or stop it first.", CanRetry: true),
        AppendRefusal.RunNotActive => RunNotActive(),
        AppendRefusal.KeyReused => new LabError("idempotency_key_reused", "This Idempotency-Key was used for another request. Use a new one."),
        _ => new LabError("conflict", "Somebody else changed the session at the same time. Try again.", CanRetry: true),
    };
}

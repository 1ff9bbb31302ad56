using AgentLab.Core.Identity;

namespace AgentLab.Core.Workflows.Triggers;

/// <summary>On whose behalf triggers start runs.</summary>
public interface IWorkflowOwners
{
    /// <summary>The owner with the role that holds now (known for half a minute); null when the account is gone or disabled. The instance itself may edit.</summary>
    ValueTask<Actor?> FindAsync(Guid owner, CancellationToken cancellationToken);
}

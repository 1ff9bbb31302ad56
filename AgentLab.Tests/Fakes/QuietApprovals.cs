using AgentLab.Core.Approvals;

namespace AgentLab.Tests.Fakes;

/// <summary>Nobody watches for questions.</summary>
internal sealed class QuietApprovals : IApprovalWatch
{
    public IDisposable Listen(Action changed) => throw new NotSupportedException("Nobody listens here.");

    public void Changed()
    {
    }
}

using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Engine;

namespace AgentLab.Tests.Fakes.Workflows;

/// <summary>Keys that say whose they are.</summary>
internal sealed class PlainWaitKeys : IWaitKeys
{
    public string Of(RunId run, string stepId) => $"{run}/{stepId}";
}

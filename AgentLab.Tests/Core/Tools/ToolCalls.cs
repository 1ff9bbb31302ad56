using AgentLab.Core.Tools;

namespace AgentLab.Tests.Core.Tools;

/// <summary>What the tests of tools share.</summary>
internal static class ToolCalls
{
    public static readonly ToolContext Context = new()
    {
        SessionId = "session-1",
        RunId = "run-1",
        StepId = "run-1/tool[0]",
        IdempotencyKey = "run-1/tool[0]",
        UserId = "user-1",
    };
}

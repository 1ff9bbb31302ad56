using System.Text.Json;
using AgentLab.Core.Tools;
using Microsoft.Extensions.Logging.Abstractions;

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

    /// <summary>Calls a tool as the agent loop does.</summary>
    public static Task<ToolOutcome> InvokeAsync(Tool tool, string arguments, ToolContext? context = null) =>
        new ToolInvoker(TimeProvider.System, NullLogger<ToolInvoker>.Instance)
            .InvokeAsync(tool, JsonElement.Parse(arguments), context ?? Context, CancellationToken.None);

    /// <summary>The result of a call that has to succeed.</summary>
    public static async Task<JsonElement> ResultAsync(Tool tool, string arguments, ToolContext? context = null)
    {
        var outcome = await InvokeAsync(tool, arguments, context);
        outcome.IsSuccess.ShouldBeTrue(outcome.Error?.Sentence);
        return outcome.Result!.Value;
    }

    /// <summary>The error of a call that has to fail.</summary>
    public static async Task<ToolError> ErrorAsync(Tool tool, string arguments, ToolContext? context = null)
    {
        var outcome = await InvokeAsync(tool, arguments, context);
        outcome.IsSuccess.ShouldBeFalse(outcome.Result?.ToString());
        return outcome.Error!;
    }
}

using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Workflows;

internal sealed partial class WorkflowSeed
{
    [LoggerMessage(LogLevel.Information, "Made the starter workflows {Slugs}.")]
    private partial void LogSeeded(string slugs);

    [LoggerMessage(LogLevel.Information, "Another node makes the starter workflows.")]
    private partial void LogAnotherNode();
}

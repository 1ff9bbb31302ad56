using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Workflows;

internal sealed partial class WorkflowRooms
{
    [LoggerMessage(LogLevel.Warning, "A page that has workflow {Workflow} open did not take a change")]
    private partial void LogMemberBroke(Exception exception, Guid workflow);
}

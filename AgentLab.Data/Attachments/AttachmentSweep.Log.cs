using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Attachments;

internal sealed partial class AttachmentSweep
{
    [LoggerMessage(LogLevel.Information, "Took away {Count} uploads that were never sent in time.")]
    private partial void LogSwept(int count);

    [LoggerMessage(LogLevel.Warning, "Old uploads could not be taken away; trying again in an hour.")]
    private partial void LogFailed(Exception error);
}

using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Agents.Runs.Leases;

internal static partial class LeaseMessages
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of {NodeId} could not be renewed; its runs begin nothing new once it is over. Trying again")]
    public static partial void LeaseNotRenewed(this ILogger logger, Exception error, string nodeId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The lease of {NodeId} was over and is struck out: its runs belong to whoever takes them")]
    public static partial void LeaseLost(this ILogger logger, string nodeId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of {NodeId} could not be given up; it ends by itself")]
    public static partial void LeaseNotGivenUp(this ILogger logger, Exception error, string nodeId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} nodes gave no sign of life; their runs are taken over")]
    public static partial void NodesStruckOut(this ILogger logger, int count);
}

using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Models.Resilience;

internal sealed partial class FallbackCaller
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Model {Model} failed with {Code}: {StandIn} stands in")]
    private static partial void LogFallback(ILogger logger, string model, string code, string standIn);
}

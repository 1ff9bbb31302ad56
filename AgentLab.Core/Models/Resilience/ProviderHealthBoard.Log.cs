using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Models.Resilience;

internal sealed partial class ProviderHealthBoard
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "A subscriber to the health of provider {Provider} failed")]
    private static partial void LogSubscriberFailed(ILogger logger, string provider, Exception error);
}

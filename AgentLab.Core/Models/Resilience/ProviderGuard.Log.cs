using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Models.Resilience;

internal sealed partial class ProviderGuard
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Provider {Provider} failed with {Code}; try {Attempt} in {Delay}")]
    private static partial void LogRetry(ILogger logger, string provider, string code, int attempt, TimeSpan delay);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "The circuit of provider {Provider} is open for {Duration}: it keeps failing")]
    private static partial void LogOpened(ILogger logger, string provider, TimeSpan duration);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "The circuit of provider {Provider} is closed: it answers again")]
    private static partial void LogClosed(ILogger logger, string provider);
}

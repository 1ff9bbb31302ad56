using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Providers;

internal sealed partial class ProviderStore
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The key of provider {Id} can no longer be decrypted: enter it again in the Providers page")]
    private partial void LogKeyUnreadable(string id, Exception error);
}

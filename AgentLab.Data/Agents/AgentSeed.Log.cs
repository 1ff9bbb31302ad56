using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Agents;

internal sealed partial class AgentSeed
{
    [LoggerMessage(LogLevel.Information, "Made the starter agents {Slugs}.")]
    private partial void LogSeeded(string slugs);

    [LoggerMessage(LogLevel.Information, "Another node makes the starter agents.")]
    private partial void LogAnotherNode();
}

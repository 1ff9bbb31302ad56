namespace AgentLab.Web.Features.Dashboard;

internal sealed partial class DashboardFeed
{
    [LoggerMessage(LogLevel.Warning, "The figures of the dashboard could not be read; its viewers see the last ones")]
    private partial void LogLate(Exception fault);
}

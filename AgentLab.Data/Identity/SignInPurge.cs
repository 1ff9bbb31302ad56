using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Identity;

/// <summary>Deletes, once a day, sign-in sessions that ended 30 days ago or more, and with them their refresh tokens.</summary>
internal sealed partial class SignInPurge(LabDatabase database, TimeProvider time, ILogger<SignInPurge> logger) : BackgroundService
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromDays(1), time);
        do
        {
            try
            {
                await PurgeAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Failed(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private Task<int> PurgeAsync(CancellationToken cancellationToken)
    {
        var before = UtcMicroseconds.From(time.GetUtcNow() - Kept);
        return database.WriteAsync(
            (context, token) => context.Set<SignInSession>().Where(s => s.ExpiresAt < before || s.RevokedAt < before).ExecuteDeleteAsync(token),
            cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Old sign-in sessions could not be deleted; the next try is tomorrow")]
    private partial void Failed(Exception exception);
}

using AgentLab.Data.Blobs;
using AgentLab.Data.Databases;
using AgentLab.Data.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Attachments;

/// <summary>
/// Once an hour takes away uploads that can no longer be sent, and their content where no session refers to it. It waits an hour longer than an upload
/// can be sent, so that a message that is just on its way finds its files.
/// </summary>
internal sealed partial class AttachmentSweep(LabDatabase database, TimeProvider clock, ILogger<AttachmentSweep> logger) : BackgroundService
{
    private const int Batch = 100;
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);
    private static readonly TimeSpan Age = AttachmentStore.Lifetime + TimeSpan.FromHours(1);

    /// <summary>Takes away everything that is due now; returns how many uploads that were.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var oldest = UtcMicroseconds.From(clock.GetUtcNow() - Age);
        var all = 0;
        int some;
        do
        {
            some = await database.WriteAsync((context, token) => SweepAsync(context, oldest, token), cancellationToken);
            all += some;
        }
        while (some == Batch);
        return all;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            do
            {
                await TrySweepAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program stops.
        }
    }

    private async Task TrySweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            var swept = await SweepAsync(cancellationToken);
            if (swept > 0)
            {
                LogSwept(swept);
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The next hour tries again.
            LogFailed(error);
        }
    }

    private async Task<int> SweepAsync(LabDbContext context, long oldest, CancellationToken cancellationToken)
    {
        var due = await context.Set<AttachmentRow>().AsNoTracking().Where(row => row.CreatedAt < oldest)
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Key).Take(Batch).Select(row => new { row.Key, row.BlobHash }).ToListAsync(cancellationToken);
        if (due.Count == 0)
        {
            return 0;
        }

        foreach (var row in due)
        {
            await context.Set<AttachmentRow>().Where(one => one.Key == row.Key).ExecuteDeleteAsync(cancellationToken);
        }

        await LockBlobsAsync(context, cancellationToken);
        foreach (var hash in due.Select(row => row.BlobHash).Distinct())
        {
            await context.Set<BlobRow>()
                .Where(blob => blob.Sha256 == hash && blob.CreatedAt < oldest
                    && !context.Set<AttachmentRow>().Any(row => row.BlobHash == hash) && !context.Set<SessionBlobRow>().Any(link => link.Hash == hash))
                .ExecuteDeleteAsync(cancellationToken);
        }

        return due.Count;
    }

    /// <summary>
    /// Waits for every transaction that has written blobs and holds off new ones: an append that found its content here already must not lose it before
    /// it has said that it refers to it. On SQLite the write gate does the same.
    /// </summary>
    private Task LockBlobsAsync(LabDbContext context, CancellationToken cancellationToken) => database.Kind switch
    {
        DatabaseKind.PostgreSql => context.Database.ExecuteSqlRawAsync("LOCK TABLE blobs IN SHARE ROW EXCLUSIVE MODE", cancellationToken),
        DatabaseKind.SqlServer => context.Database.ExecuteSqlRawAsync("SELECT TOP (1) sha256 FROM blobs WITH (TABLOCKX, HOLDLOCK)", cancellationToken),
        _ => Task.CompletedTask,
    };
}

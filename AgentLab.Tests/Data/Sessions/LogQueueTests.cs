using AgentLab.Core.Sessions;
using AgentLab.Tests.Data.Databases;

namespace AgentLab.Tests.Data.Sessions;

public sealed class LogQueueTests(SqliteFixture fixture) : IClassFixture<SqliteFixture>
{
    private const int Megabyte = 1024 * 1024;

    [Fact]
    public async Task Append_WhileTheStoreStands_KeepsABoundedNumberOfBytesWaiting()
    {
        var log = await LogHost.StartAsync(fixture);
        var id = await log.CreateAsync();
        var blob = Blob.Of(new byte[Megabyte], "application/octet-stream");
        TaskCompletionSource entered = new(), leave = new();
        var standing = fixture.Database.WriteAsync(
            async (_, _) =>
            {
                entered.SetResult();
                await leave.Task;
            },
            CancellationToken.None);
        await entered.Task;
        using var gone = new CancellationTokenSource();

        var appends = Enumerable.Range(0, 100)
            .Select(_ => log.Log.AppendAsync(new SessionAppend(id, [LogHost.Message("large")]) { Blobs = [blob] }, gone.Token).AsTask()).ToList();

        log.Log.WaitingBytes.ShouldBeInRange(Megabyte, 64L * Megabyte);
        appends.ShouldAllBe(append => !append.IsCompleted);
        await gone.CancelAsync();
        leave.SetResult();
        await standing;
        var landed = await Task.WhenAll(appends.Select(LandedAsync));
        landed.Count(was => was).ShouldBeLessThan(20, "only what the writer had taken is written after its producer gave up");
        (await log.AppendAsync(id, LogHost.Message("after"))).Status.ShouldBe(AppendStatus.Appended);
        log.Log.WaitingBytes.ShouldBe(0);
    }

    private static async Task<bool> LandedAsync(Task<AppendOutcome> append)
    {
        try
        {
            return (await append).Status == AppendStatus.Appended;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

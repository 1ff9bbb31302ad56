using AgentLab.Data.Databases;

namespace AgentLab.Tests.Data.Databases;

public sealed class WriteGateTests
{
    private readonly WriteGate _gate = new(DatabaseKind.Sqlite);

    [Fact]
    public async Task Enter_ManyWaiting_AreLetInAsTheyCame()
    {
        var first = await _gate.EnterAsync(default);
        var order = new List<int>();
        var waiting = Enumerable.Range(0, 200).Select(WaitAsync).ToList();

        first.Dispose();
        await Task.WhenAll(waiting);

        order.ShouldBe(Enumerable.Range(0, 200));

        async Task WaitAsync(int number)
        {
            using var lease = await _gate.EnterAsync(default);
            order.Add(number);
        }
    }

    [Fact]
    public async Task Enter_Concurrently_OneAtATime()
    {
        var inside = 0;
        var most = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 2_000), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, token) =>
        {
            using var lease = await _gate.EnterAsync(token);
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        });

        most.ShouldBe(1);
        _gate.Entries.ShouldBe(2_000);
    }

    [Fact]
    public async Task Enter_CancelledWhileWaiting_LeavesTheTurnToTheNext()
    {
        var first = await _gate.EnterAsync(default);
        using var cancellation = new CancellationTokenSource();
        var cancelled = _gate.EnterAsync(cancellation.Token).AsTask();
        var next = _gate.EnterAsync(default).AsTask();

        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => cancelled);
        next.IsCompleted.ShouldBeFalse();
        first.Dispose();

        (await next).Dispose();
        _gate.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task Lease_DisposedTwice_LetsOnlyOneIn()
    {
        var first = await _gate.EnterAsync(default);
        var second = _gate.EnterAsync(default).AsTask();
        var third = _gate.EnterAsync(default).AsTask();

        first.Dispose();
        first.Dispose();

        var lease = await second;
        third.IsCompleted.ShouldBeFalse();
        lease.Dispose();
        (await third).Dispose();
    }

    [Theory]
    [InlineData(DatabaseKind.PostgreSql)]
    [InlineData(DatabaseKind.SqlServer)]
    public async Task Enter_OtherDatabases_NeverWaits(DatabaseKind kind)
    {
        var open = new WriteGate(kind);

        using var first = await open.EnterAsync(default);
        var second = open.EnterAsync(default);

        second.IsCompleted.ShouldBeTrue();
        (await second).Dispose();
    }
}

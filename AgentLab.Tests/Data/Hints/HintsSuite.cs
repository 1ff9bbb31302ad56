using System.Collections.Concurrent;
using AgentLab.Core.Hosting.Hints;
using AgentLab.Core.Sessions;
using AgentLab.Data.Databases;
using AgentLab.Data.Hints;
using AgentLab.Tests.Api;
using AgentLab.Tests.Data.Databases;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentLab.Tests.Data.Hints;

/// <summary>What every carrier of hints does.</summary>
public abstract class HintsSuite : IAsyncLifetime
{
    private readonly List<HintCarrier> _carriers = [];

    public abstract Task InitializeAsync();

    public async Task DisposeAsync()
    {
        foreach (var carrier in _carriers)
        {
            await carrier.StopAsync(default);
            carrier.Dispose();
        }

        await EndAsync();
    }

    [Fact]
    public async Task Hint_OfOneNode_ReachesTheOthersAndNotItself()
    {
        var (a, b, c) = (await HeardAsync(), await HeardAsync(), await HeardAsync());

        a.Carrier.Send(new Hint(HintKind.Session, "0192-7", 42));

        await b.HearsAsync(new Hint(HintKind.Session, "0192-7", 42));
        await c.HearsAsync(new Hint(HintKind.Session, "0192-7", 42));
        b.Carrier.Send(new Hint(HintKind.Run, "ends"));
        await a.HearsAsync(new Hint(HintKind.Run, "ends"));
        a.Heard.ShouldNotContain(hint => hint.Kind == HintKind.Session);
    }

    [Fact]
    public async Task Hints_ThatAreManyAtOnce_AllArriveWithTheHighestNumberOfEachKey()
    {
        var (a, b) = (await HeardAsync(), await HeardAsync());

        for (var number = 1; number <= 20; number++)
        {
            for (var session = 0; session < 500; session++)
            {
                a.Carrier.Send(new Hint(HintKind.Session, $"session-{session}", number));
            }
        }

        await Eventually.TrueAsync(() => Task.FromResult(Enumerable.Range(0, 500).All(s => b.Heard.Contains(new Hint(HintKind.Session, $"session-{s}", 20)))));
    }

    [Fact]
    public async Task Line_ThatBreaksAndComesBack_IsSaidBothTimesAndHintsTravelAgain()
    {
        var (a, b) = (await HeardAsync(), await HeardAsync());

        await BreakAsync();
        await Eventually.TrueAsync(() => Task.FromResult(b.Carrier.State == HintState.Away && a.Carrier.State == HintState.Away));
        a.Carrier.Send(new Hint(HintKind.Session, "while-away", 1));
        b.Heard.Clear();
        await MendAsync();

        await b.HearsAsync(new Hint(HintKind.Gap, ""));
        await Eventually.TrueAsync(() =>
        {
            a.Carrier.Send(new Hint(HintKind.Session, "again", 2));
            return Task.FromResult(b.Heard.Contains(new Hint(HintKind.Session, "again", 2)));
        });
        b.Carrier.State.ShouldBe(HintState.Connected);
    }

    [Fact]
    public async Task Carrier_WhoseLineIsAwayAtTheStart_StartsAndFindsItLater()
    {
        await BreakAsync();
        var a = await StartAsync();
        a.Carrier.State.ShouldBe(HintState.Away);

        await MendAsync();

        await a.HearsAsync(new Hint(HintKind.Gap, ""));
        a.Carrier.State.ShouldBe(HintState.Connected);
    }

    [Fact]
    public async Task Node_ThatIsAlone_SendsOnlyThatItCame()
    {
        var (a, b) = (await HeardAsync(), await HeardAsync());
        a.Carrier.Others = false;

        a.Carrier.Send(new Hint(HintKind.Session, "unheard", 1));
        a.Carrier.Send(new Hint(HintKind.Nodes, "came"));

        await b.HearsAsync(new Hint(HintKind.Nodes, "came"));
        b.Heard.ShouldNotContain(hint => hint.Kind == HintKind.Session);
    }

    private protected static NodeIdentity Node() => new("node", TimeSpan.FromSeconds(10));

    private protected abstract HintCarrier Create();

    protected abstract Task BreakAsync();

    protected abstract Task MendAsync();

    protected abstract Task EndAsync();

    private async Task<Ear> HeardAsync()
    {
        var ear = await StartAsync();
        await ear.HearsAsync(new Hint(HintKind.Gap, ""));
        return ear;
    }

    private async Task<Ear> StartAsync()
    {
        var carrier = Create();
        _carriers.Add(carrier);
        var ear = new Ear(carrier);
        await carrier.StartAsync(default);
        return ear;
    }

    private sealed class Ear
    {
        public Ear(HintCarrier carrier)
        {
            Carrier = carrier;
            carrier.Listen(Heard.Enqueue);
        }

        public HintCarrier Carrier { get; }

        public ConcurrentQueue<Hint> Heard { get; } = [];

        public Task HearsAsync(Hint hint) => Eventually.TrueAsync(() => Task.FromResult(Heard.Contains(hint)));
    }
}

public sealed class RedisHintsTests : HintsSuite
{
    private RedisServer _redis = null!;

    public override async Task InitializeAsync() => _redis = await RedisServer.StartedAsync();

    private protected override HintCarrier Create() =>
        new RedisHints(Options.Create(new HintOptions { Redis = _redis.ConnectionString }), Node(), NullLogger<RedisHints>.Instance);

    protected override Task BreakAsync() => _redis.StopAsync();

    protected override Task MendAsync() => _redis.StartAsync();

    protected override async Task EndAsync() => await _redis.DisposeAsync();
}

public sealed class PostgreSqlHintsTests : HintsSuite
{
    private PostgreSqlServer _server = null!;

    public override async Task InitializeAsync() => _server = await PostgreSqlServer.StartOwnAsync();

    private protected override HintCarrier Create() => new PostgreSqlHints(
        Options.Create(new DatabaseOptions { Provider = DatabaseKind.PostgreSql, ConnectionString = _server.ConnectionString("postgres") }),
        Node(), TimeProvider.System, NullLogger<PostgreSqlHints>.Instance);

    protected override Task BreakAsync() => _server.StopAtOnceAsync();

    protected override Task MendAsync() => _server.StartAgainAsync();

    protected override Task EndAsync() => Task.CompletedTask;
}

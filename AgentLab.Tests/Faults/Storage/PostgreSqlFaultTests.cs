using System.Collections.Concurrent;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Tests.Data.Sessions;
using Xunit.Abstractions;

namespace AgentLab.Tests.Faults.Storage;

/// <summary>PostgreSQL goes away and comes back, or the answer to a COMMIT does: what was acknowledged is there, once; nothing is there that was not asked for.</summary>
public sealed class PostgreSqlFaultTests(OwnPostgreSql fixture, ITestOutputHelper output) : IClassFixture<OwnPostgreSql>
{
    private const int Producers = 8;
    private const int Sessions = 4;

    [Fact]
    public async Task ServerRestarts_WhileProducersAppend_NothingIsLostOrDoubled()
    {
        var seed = Counts.Seed();
        output.WriteLine($"AGENTLAB_TEST_SEED={seed}");
        var random = new Random(seed);
        await using var log = await LogHost.StartAsync(fixture);
        var ids = new List<SessionId>();
        for (var i = 0; i < Sessions; i++)
        {
            ids.Add(await log.CreateAsync());
        }

        using var enough = new CancellationTokenSource();
        var acknowledged = new ConcurrentBag<(SessionId Id, long First, string Text)>();
        var producers = Enumerable.Range(0, Producers)
            .Select(p => Task.Run(() => ProduceAsync(log, p, ids[p % Sessions], acknowledged, enough.Token))).ToList();
        for (var restart = 0; restart < Counts.Of(quick: 2, full: 10); restart++)
        {
            await Task.Delay(random.Next(100, 800));
            await fixture.Server.StopAtOnceAsync();
            await Task.Delay(random.Next(0, 300));
            await fixture.Server.StartAgainAsync();
        }

        await Task.Delay(300);
        await enough.CancelAsync();
        await Task.WhenAll(producers).WaitAsync(TimeSpan.FromMinutes(2));
        await CheckAsync(log, ids, [.. acknowledged]);
        output.WriteLine($"{acknowledged.Count} appends");
    }

    [Fact]
    public async Task Read_OnConnectionsOfBeforeARestart_Works()
    {
        await using var log = await LogHost.StartAsync(fixture);
        var id = await log.CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => log.AllAsync(id)));

        await fixture.Server.StopAtOnceAsync();
        await fixture.Server.StartAgainAsync();

        (await log.AllAsync(id)).Count.ShouldBe(1);
        (await log.Reader.FindAsync(id, CancellationToken.None))!.Head.ShouldBe(1);
        (await log.AppendAsync(id, LogHost.Message("next"))).Receipt!.First.ShouldBe(2);
    }

    [Theory]
    [InlineData(nameof(CommitFault.NeverArrives))]
    [InlineData(nameof(CommitFault.AnswerLost))]
    [InlineData(nameof(CommitFault.ArrivesLate))]
    public async Task Commit_WhoseAnswerIsLost_IsLookedUpBeforeItIsTriedAgain(string fault)
    {
        await using var log = await LogHost.StartAsync(fixture);
        var id = await log.CreateAsync();
        var struck = fixture.Line.Struck;
        fixture.Line.Arm(Enum.Parse<CommitFault>(fault));

        var outcome = await log.AppendAsync(id, LogHost.Message("one"), LogHost.Message("two"));

        fixture.Line.Struck.ShouldBe(struck + 1);
        outcome.Receipt.ShouldBe(new AppendReceipt(id, null, 2, 3));
        (await log.AppendAsync(id, LogHost.Message("three"))).Receipt!.First.ShouldBe(4);
        (await log.AllAsync(id)).Skip(1).Select(e => ((MessageUser)e.Data!).Text).ShouldBe(["one", "two", "three"]);
    }

    [Theory]
    [InlineData(nameof(CommitFault.AnswerLost))]
    [InlineData(nameof(CommitFault.ArrivesLate))]
    public async Task Commit_OfANewSessionWhoseAnswerIsLost_MakesOneSession(string fault)
    {
        await using var log = await LogHost.StartAsync(fixture);
        await log.CreateAsync();
        fixture.Line.Arm(Enum.Parse<CommitFault>(fault));

        var id = await log.CreateAsync();

        (await log.AllAsync(id)).Count.ShouldBe(1);
    }

    private static async Task ProduceAsync(
        LogHost log, int producer, SessionId id, ConcurrentBag<(SessionId Id, long First, string Text)> acknowledged, CancellationToken enough)
    {
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            var text = $"{producer}.{i}";
            while (true)
            {
                try
                {
                    var outcome = await log.AppendAsync(id, LogHost.Message(text));
                    outcome.Status.ShouldBe(AppendStatus.Appended);
                    acknowledged.Add((id, outcome.Receipt!.First, text));
                    break;
                }
                catch (SessionLogUnavailableException)
                {
                    // It is promised that nothing was written: the same again.
                    await Task.Delay(50, CancellationToken.None);
                }
            }
        }
    }

    private static async Task CheckAsync(LogHost log, List<SessionId> ids, List<(SessionId Id, long First, string Text)> acknowledged)
    {
        foreach (var id in ids)
        {
            var events = new List<SessionEvent>();
            while (await log.Reader.ReadAsync(id, events.Count, long.MaxValue, 5000, null, descending: false, CancellationToken.None) is { Count: > 0 } page)
            {
                events.AddRange(page);
            }

            events.Select(e => e.Sequence).ShouldBe(Enumerable.Range(1, events.Count).Select(n => (long)n));
            var expected = acknowledged.Where(a => a.Id == id).OrderBy(a => a.First).Select(a => $"{a.First} {a.Text}");
            events.Skip(1).Select(e => $"{e.Sequence} {((MessageUser)e.Data!).Text}").ShouldBe(expected, "what was acknowledged, where it was acknowledged, and nothing else");
        }
    }
}

using System.Security.Cryptography;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Data.Sessions;
using AgentLab.Tests.Data.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Data.Sessions;

/// <summary>What every store's log promises.</summary>
public abstract class SessionLogSuite<TFixture>(TFixture fixture) : IAsyncLifetime
    where TFixture : DatabaseFixture
{
    private LogHost _log = null!;

    public async Task InitializeAsync() => _log = await LogHost.StartAsync(fixture);

    public async Task DisposeAsync() => await _log.DisposeAsync();

    [Fact]
    public async Task Append_NewSession_NumbersFromOne()
    {
        var id = await _log.CreateAsync();

        var outcome = await _log.AppendAsync(id, LogHost.Message("one"), LogHost.Message("two"));

        outcome.Receipt.ShouldBe(new AppendReceipt(id, null, 2, 3));
        (await _log.AllAsync(id)).Select(e => e.Sequence).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Append_OnlyDeltas_MovesTheHeadAndItsHash()
    {
        var id = await _log.CreateAsync();
        await _log.AppendAsync(id, new NewEvent(new ModelDelta("one ")));
        await _log.AppendAsync(id, new NewEvent(new ModelDelta("two ")), new NewEvent(new ModelDelta("three")));

        (await _log.Reader.FindAsync(id, default))!.Head.ShouldBe(4);
        await fixture.Database.ReadAsync(
            async (context, token) =>
            {
                var row = await context.Set<SessionRow>().SingleAsync(s => s.Id == id.Value, token);
                var last = await context.Set<SessionEventRow>().SingleAsync(e => e.SessionKey == row.Key && e.Sequence == row.Head, token);
                row.HeadHash.ShouldBe(last.Hash);
                return row.Head;
            },
            default);
    }

    [Fact]
    public async Task Append_MoreThanDeltas_TellsWhenTheSessionWasUpdated()
    {
        var id = await _log.CreateAsync();
        await _log.AppendAsync(id, new NewEvent(new ModelDelta("one ")));

        await _log.AppendAsync(id, LogHost.Message("two"));

        (await _log.Reader.FindAsync(id, default))!.UpdatedAt.ShouldBe((await _log.AllAsync(id))[^1].At);
    }

    [Fact]
    public async Task Append_UnknownSession_IsRefused()
    {
        var outcome = await _log.AppendAsync(SessionId.New(), LogHost.Message("one"));

        outcome.Refusal.ShouldBe(AppendRefusal.SessionNotFound);
    }

    [Fact]
    public async Task Append_ManyProducersOverManySessions_IsGaplessOrderedAndUnique()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _log.CreateAsync()));

        await Task.WhenAll(Enumerable.Range(0, 32).Select(async producer =>
        {
            var random = new Random(producer);
            for (var i = 0; i < 10; i++)
            {
                var id = ids[random.Next(ids.Length)];
                var events = Enumerable.Range(0, random.Next(1, 4)).Select(n => LogHost.Message($"{producer}.{i}.{n}")).ToArray();
                var outcome = await _log.AppendAsync(id, events);
                (outcome.Receipt!.Last - outcome.Receipt.First + 1).ShouldBe(events.Length);
            }
        }));

        var texts = new List<string>();
        foreach (var id in ids)
        {
            var events = await _log.AllAsync(id);
            events.Select(e => e.Sequence).ShouldBe(Enumerable.Range(1, events.Count).Select(n => (long)n));
            texts.AddRange(events.Skip(1).Select(e => ((MessageUser)e.Data!).Text));
        }

        texts.ShouldBeUnique();
        foreach (var producer in Enumerable.Range(0, 32))
        {
            texts.Count(t => t.StartsWith($"{producer}.", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(10);
        }
    }

    [Fact]
    public async Task Append_StaleFence_IsRefusedAndWritesNothing()
    {
        var id = await _log.CreateAsync();
        var run = RunId.New();
        await _log.AppendAsync(id, LogHost.Message("go"), LogHost.Started(run));
        var resumed = new SessionAppend(id, [new NewEvent(new RunResumed("recovered", "b", 2), run)]) { Fence = new RunFence(run, 1) };
        (await _log.AppendAsync(resumed)).Status.ShouldBe(AppendStatus.Appended);

        var stale = await _log.AppendAsync(new SessionAppend(id, [LogHost.Message("late")]) { Fence = new RunFence(run, 1) });
        var fresh = await _log.AppendAsync(new SessionAppend(id, [LogHost.Message("in time")]) { Fence = new RunFence(run, 2) });

        stale.Refusal.ShouldBe(AppendRefusal.StaleFence);
        fresh.Status.ShouldBe(AppendStatus.Appended);
        (await _log.AllAsync(id)).Count.ShouldBe(5);
    }

    [Fact]
    public async Task Append_SecondRunWhileOneIsActive_IsRefused()
    {
        var id = await _log.CreateAsync();
        await _log.AppendAsync(id, LogHost.Started(RunId.New()));

        var outcome = await _log.AppendAsync(new SessionAppend(id, [LogHost.Started(RunId.New())]) { RequireNoActiveRun = true });

        outcome.Refusal.ShouldBe(AppendRefusal.RunActive);
    }

    [Fact]
    public async Task Append_ExpectedHeadMoved_IsRefused()
    {
        var id = await _log.CreateAsync();

        var outcome = await _log.AppendAsync(new SessionAppend(id, [LogHost.Message("x")]) { ExpectedHead = 7 });

        outcome.Refusal.ShouldBe(AppendRefusal.HeadMoved);
    }

    [Fact]
    public async Task Append_SameRequestManyTimesAtOnce_LandsOnce()
    {
        var id = await _log.CreateAsync();
        var key = new IdempotencyKey("user", "messages", Guid.NewGuid().ToString(), "hash");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            _log.AppendAsync(new SessionAppend(id, [LogHost.Message("once"), LogHost.Started(RunId.New())]) { Idempotency = key, RequireNoActiveRun = true })));

        outcomes.Count(o => o.Status == AppendStatus.Appended).ShouldBe(1);
        outcomes.Count(o => o.Status == AppendStatus.Replayed).ShouldBe(19);
        outcomes.Select(o => o.Receipt).Distinct().Count().ShouldBe(1);
        (await _log.AllAsync(id)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Append_SameKeyOtherBody_IsRefused()
    {
        var id = await _log.CreateAsync();
        var key = new IdempotencyKey("user", "messages", Guid.NewGuid().ToString(), "hash");
        await _log.AppendAsync(new SessionAppend(id, [LogHost.Message("a")]) { Idempotency = key });

        var outcome = await _log.AppendAsync(new SessionAppend(id, [LogHost.Message("b")]) { Idempotency = key with { BodyHash = "other" } });

        outcome.Refusal.ShouldBe(AppendRefusal.KeyReused);
    }

    [Fact]
    public async Task Append_OneBadAmongMany_FailsAlone()
    {
        var id = await _log.CreateAsync();
        var bad = new SessionAppend(SessionId.New(), [LogHost.Message("not a creation")]) { Create = new NewSession(Guid.Empty, Guid.Empty) };

        var good = Enumerable.Range(0, 20).Select(n => _log.AppendAsync(id, LogHost.Message($"{n}"))).ToList();
        await Should.ThrowAsync<ArgumentException>(() => _log.AppendAsync(bad));

        (await Task.WhenAll(good)).ShouldAllBe(o => o.Status == AppendStatus.Appended);
        (await _log.AllAsync(id)).Count.ShouldBe(21);
    }

    [Fact]
    public async Task Append_RowsOfTheDatabaseRefuseIt_LeavesNothingHalfDone()
    {
        var id = SessionId.New();
        var unknownProject = LogHost.Creation(id) with { Create = new NewSession(Guid.Empty, Guid.NewGuid()) };

        await Should.ThrowAsync<SessionLogUnavailableException>(() => _log.AppendAsync(unknownProject));

        (await _log.Reader.FindAsync(id, default)).ShouldBeNull();
        (await _log.AppendAsync(LogHost.Creation(id))).Status.ShouldBe(AppendStatus.Appended);
    }

    [Fact]
    public async Task Append_ContentOver64KB_IsRefused()
    {
        var id = await _log.CreateAsync();

        await Should.ThrowAsync<ArgumentException>(() => _log.AppendAsync(id, LogHost.Message(new string('x', 70_000))));

        (await _log.AllAsync(id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Append_Events_ChainTheirHashes()
    {
        var id = await _log.CreateAsync();
        await _log.AppendAsync(id, LogHost.Message("Zürich, 東京, \u2028 and \"quotes\""), LogHost.Started(RunId.New()));

        var rows = await fixture.Database.ReadAsync(
            (context, token) => context.Set<SessionEventRow>()
                .Where(e => context.Set<SessionRow>().Any(s => s.Key == e.SessionKey && s.Id == id.Value)).OrderBy(e => e.Sequence).ToListAsync(token), default);
        var events = await _log.AllAsync(id);

        var hash = new byte[32];
        foreach (var (row, e) in rows.Zip(events))
        {
            hash = SHA256.HashData([.. hash, .. new EncodedEvent(e).Json.Span]);
            row.Hash.ShouldBe(hash);
        }
    }

    [Fact]
    public async Task Append_Run_KeepsTheRowsInStep()
    {
        var id = await _log.CreateAsync();
        var run = RunId.New();
        await _log.AppendAsync(id, LogHost.Message("go"), LogHost.Started(run));
        (await _log.Reader.FindAsync(id, default))!.ShouldSatisfyAllConditions(
            s => s.Status.ShouldBe(SessionStatus.Running), s => s.ActiveRunId.ShouldBe(run), s => s.Messages.ShouldBe(1));

        var usage = new UsageTotals(10, 20, 0.000123m);
        await _log.AppendAsync(
            id,
            new NewEvent(new StepStarted("model", "m"), run, "model[1]", 1),
            new NewEvent(new ModelCompleted(new TextContent("hi"), [], "stop", "p", "m", usage, 5), run, "model[1]", 1),
            new NewEvent(new ArtifactCreated(Guid.NewGuid(), "table", "table", "text/csv", new TextContent("a,b")), run, "model[1]", 1),
            new NewEvent(new RunCompleted(1, usage, 5), run));

        var session = (await _log.Reader.FindAsync(id, default))!;
        session.Status.ShouldBe(SessionStatus.Completed);
        session.ActiveRunId.ShouldBeNull();
        session.Usage.ShouldBe(usage);
        (await _log.Reader.ArtifactsAsync(id, default)).Single().Size.ShouldBe(3);
        var row = await fixture.Database.ReadAsync((context, token) => context.Set<RunRow>().SingleAsync(r => r.Id == run.Value, token), default);
        row.ShouldSatisfyAllConditions(
            r => r.Status.ShouldBe(RunStatus.Completed), r => r.Steps.ShouldBe(1), r => r.InputTokens.ShouldBe(10), r => r.CostNanos.ShouldBe(123_000));
    }

    [Fact]
    public async Task Blob_OfAnotherSession_IsNotReadable()
    {
        var blob = Blob.Of("content"u8.ToArray(), "text/plain");
        var mine = await _log.CreateAsync();
        var other = await _log.CreateAsync();
        await _log.AppendAsync(new SessionAppend(mine, [LogHost.Message("see the file")]) { Blobs = [blob] });
        await _log.AppendAsync(new SessionAppend(mine, [LogHost.Message("again")]) { Blobs = [blob] });

        (await _log.Reader.BlobAsync(mine, blob.Hash, default))!.Content.ToArray().ShouldBe("content"u8.ToArray());
        (await _log.Reader.BlobAsync(other, blob.Hash, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Cursor_RacingWriters_SeesAPrefixNeverAGap()
    {
        var id = await _log.CreateAsync();
        const int Total = 300;
        var writing = Task.WhenAll(Enumerable.Range(0, 6).Select(async writer =>
        {
            for (var i = 0; i < Total / 6; i++)
            {
                await _log.AppendAsync(id, LogHost.Message($"{writer}.{i}"));
            }
        }));

        var readers = Enumerable.Range(0, 10).Select(n => FollowAsync(id, Total + 1, batch: 1 + (n * 13))).ToList();

        await writing;
        foreach (var seen in await Task.WhenAll(readers))
        {
            seen.ShouldBe(Enumerable.Range(1, Total + 1).Select(n => (long)n));
        }
    }

    [Theory]
    [InlineData("another-epoch", 1)]
    [InlineData(null, 99)]
    [InlineData(null, -1)]
    public async Task Cursor_PositionThatIsNotHere_MustResyncFromTheStart(string? epoch, long after)
    {
        var id = await _log.CreateAsync();

        using var cursor = await _log.Feed.OpenAsync(id, new SessionPosition(epoch, after), new TestViewer(), default);

        cursor!.MustResync.ShouldBeTrue();
        (await cursor.ReadAsync(10, default)).Select(e => e.Sequence).ShouldBe([1]);
    }

    [Fact]
    public async Task Cursor_SessionDeletedUnderAViewerThatIsBehind_EndsAtOnce()
    {
        var id = await _log.CreateAsync();
        await _log.AppendAsync(id, LogHost.Message("One."), LogHost.Message("Two."));
        using var cursor = (await _log.Feed.OpenAsync(id, SessionPosition.Start, new TestViewer(), default))!;

        (await fixture.Services.GetRequiredService<ISessionStore>().DeleteAsync(id, default)).ShouldBeTrue();

        await Should.ThrowAsync<SessionAccessEndedException>(async () => await cursor.ReadAsync(10, default));
    }

    [Fact]
    public async Task Cursor_StrangersAndUnknownSessions_ReadTheSame()
    {
        var id = await _log.CreateAsync();

        (await _log.Feed.OpenAsync(id, default, new TestViewer { Allowed = false }, default)).ShouldBeNull();
        (await _log.Feed.OpenAsync(SessionId.New(), default, new TestViewer(), default)).ShouldBeNull();
    }

    [Fact]
    public async Task List_ByOwnerAndTitle_PagesNewestFirst()
    {
        var owner = Guid.NewGuid();
        var ids = new List<SessionId>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await _log.CreateAsync(owner));
        }

        var first = await _log.Reader.ListAsync(new SessionQuery { OwnerId = owner, Limit = 3, Text = "TITLE" }, default);
        var second = await _log.Reader.ListAsync(new SessionQuery { OwnerId = owner, Limit = 3, Cursor = first.NextCursor }, default);

        first.Items.Concat(second.Items).Select(s => s.Id).ShouldBe(ids.AsEnumerable().Reverse());
        second.NextCursor.ShouldBeNull();
        (await _log.Reader.ListAsync(new SessionQuery { OwnerId = owner, Text = "100%" }, default)).Items.ShouldBeEmpty();
        await Should.ThrowAsync<FormatException>(async () => await _log.Reader.ListAsync(new SessionQuery { Cursor = "x" }, default));
        await Should.NotThrowAsync(async () => await _log.Reader.ListAsync(new SessionQuery { Text = "a\0b" }, default));
    }

    private async Task<List<long>> FollowAsync(SessionId id, int until, int batch)
    {
        using var cursor = (await _log.Feed.OpenAsync(id, SessionPosition.Start, new TestViewer(), default))!;
        var seen = new List<long>();
        while (seen.Count < until)
        {
            seen.AddRange((await cursor.ReadAsync(batch, default)).Select(e => e.Sequence));
            await cursor.WaitAsync(TimeSpan.FromMilliseconds(20), default);
        }

        return seen;
    }
}

public sealed class SqliteSessionLogTests(SqliteFixture fixture) : SessionLogSuite<SqliteFixture>(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgreSqlSessionLogTests(PostgreSqlFixture fixture) : SessionLogSuite<PostgreSqlFixture>(fixture), IClassFixture<PostgreSqlFixture>;

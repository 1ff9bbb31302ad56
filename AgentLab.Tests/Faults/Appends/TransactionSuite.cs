using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Data.Projects;
using AgentLab.Data.Sessions.Log;
using AgentLab.Tests.Data.Databases;
using AgentLab.Tests.Data.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Faults.Appends;

/// <summary>
/// A whole turn of a run, append by append, each of them broken at each of its statements in turn: what failed has left nothing, whatever had been written
/// before the fault, and the very same append works next.
/// </summary>
public abstract class TransactionSuite<TFixture>(TFixture fixture) : IAsyncLifetime
    where TFixture : DatabaseFixture
{
    private const string Large = "A text that is kept outside its event.";

    private static readonly string[] Tables = ["sessions", "session_events", "runs", "artifacts", "blobs", "session_blobs", "idempotency_keys"];

    private readonly SessionId _id = SessionId.New();
    private readonly RunId _run = RunId.New();
    private LogHost _log = null!;

    private FaultyLogStore Store => (FaultyLogStore)fixture.Services.GetRequiredService<ILogStore>();

    public async Task InitializeAsync() => _log = await LogHost.StartAsync(fixture);

    public async Task DisposeAsync() => await _log.DisposeAsync();

    [Fact]
    public async Task Append_FaultAtAnyStatement_LeavesNothingHalfDone()
    {
        var faults = 0;
        foreach (var append in Turn())
        {
            faults += await BreakEverywhereAsync(append);
        }

        faults.ShouldBeGreaterThan(40, "each append has several statements");
        await CheckLogAsync();
    }

    /// <summary>Breaks the append at statement 1, 2, 3 … until it has no more statements and lands.</summary>
    private async Task<int> BreakEverywhereAsync(SessionAppend append)
    {
        for (var statement = 1; ; statement++)
        {
            var before = await DatabaseDump.OfAsync(fixture.Connections, Tables);
            var head = await HeadAsync();
            Store.Arm(statement);
            try
            {
                var landed = await _log.AppendAsync(append);
                Store.Armed.ShouldBeTrue("a broken statement must not go unnoticed");
                Store.Disarm();
                landed.Status.ShouldBe(AppendStatus.Appended);
                landed.Receipt!.Last.ShouldBe(head + append.Events.Count);
                return statement - 1;
            }
            catch (SessionLogUnavailableException)
            {
                Store.Armed.ShouldBeFalse();
                (await DatabaseDump.OfAsync(fixture.Connections, Tables)).ShouldBe(before, $"{append.Events[0].Data.GetType().Name}, statement {statement}");
                (await HeadAsync()).ShouldBe(head);
            }
        }
    }

    private IEnumerable<SessionAppend> Turn()
    {
        var owner = Guid.NewGuid();
        yield return new SessionAppend(
            _id, [new NewEvent(new SessionCreated("A title", Guid.NewGuid(), 1, "Analyst", owner, Project.DefaultId)), LogHost.Message("first"), LogHost.Started(_run)])
        {
            Create = new NewSession(owner, Project.DefaultId),
            Idempotency = new IdempotencyKey(owner.ToString(), "sessions.start", "a key", "a hash"),
        };
        yield return Step([new StepStarted("model", "default"), new ModelRequested("default", BlobOf("instructions").Hash, 3, 2, [], null)], "instructions");
        yield return Step([new ModelDelta("Some ")]);
        yield return Step(
            [
                new ModelCompleted(Content("answer"), [], "stop", "fake", "test-model", new UsageTotals(10, 20, 0.5m), 5),
                new ArtifactCreated(Guid.CreateVersion7(), "table.csv", "table", "text/csv", Content("table")),
                new ArtifactCreated(Guid.CreateVersion7(), "small.md", "text", "text/markdown", new TextContent("small")),
                new StepCompleted(5),
            ],
            "answer", "table");
        yield return new SessionAppend(_id, [new NewEvent(new RunPaused("outcome_unknown", "Did it?"), _run)]) { Fence = new RunFence(_run, 1) };
        yield return new SessionAppend(_id, [new NewEvent(new RunResumed("repeat", "here", 2), _run)]) { Fence = new RunFence(_run, 1) };
        yield return new SessionAppend(_id, [new NewEvent(new RunCompleted(1, new UsageTotals(10, 20, 0.5m), 9), _run)]) { Fence = new RunFence(_run, 2) };
        yield return new SessionAppend(_id, [LogHost.Message("second"), LogHost.Started(RunId.New())])
        {
            RequireNoActiveRun = true,
            BlobReferences = [BlobOf("answer").Hash],
            Idempotency = new IdempotencyKey(owner.ToString(), "sessions.send", "another key", "a hash"),
        };
    }

    private SessionAppend Step(EventData[] events, params string[] blobs) => new(_id, [.. events.Select(e => new NewEvent(e, _run, "model[1]", 1))])
    {
        Fence = new RunFence(_run, 1),
        Blobs = [.. blobs.Select(BlobOf)],
    };

    private static TextContent Content(string name) => new(name, BlobOf(name).Hash, BlobOf(name).Content.Length);

    private static Blob BlobOf(string name) => Blob.Of(Encoding.UTF8.GetBytes($"{name}: {Large}"), "text/plain");

    private async Task<long> HeadAsync() => (await _log.Reader.FindAsync(_id, CancellationToken.None))?.Head ?? 0;

    /// <summary>In the end the log is what it would have been without any fault.</summary>
    private async Task CheckLogAsync()
    {
        var events = await _log.AllAsync(_id);
        events.Select(e => e.Sequence).ShouldBe(Enumerable.Range(1, Turn().Sum(a => a.Events.Count)).Select(n => (long)n));
        var hash = new byte[SHA256.HashSizeInBytes];
        foreach (var e in events)
        {
            hash = SHA256.HashData([.. hash, .. new EncodedEvent(e).Json.Span]);
        }

        var stored = await DatabaseDump.OfAsync(fixture.Connections, "session_events");
        stored.Count.ShouldBe(events.Count);
        stored.ShouldContain(row => row.EndsWith(Convert.ToHexStringLower(hash), StringComparison.Ordinal));
        (await _log.Reader.ArtifactsAsync(_id, CancellationToken.None)).Select(a => a.Name).ShouldBe(["table.csv", "small.md"]);
        var session = (await _log.Reader.FindAsync(_id, CancellationToken.None))!;
        JsonSerializer.Serialize(session.Usage).ShouldBe(JsonSerializer.Serialize(new UsageTotals(10, 20, 0.5m)));
        session.Messages.ShouldBe(2);
        using var cursor = (await _log.Feed.OpenAsync(_id, SessionPosition.Start, new TestViewer(), CancellationToken.None))!;
        (await cursor.ReadAsync(1000, CancellationToken.None)).Select(e => e.Sequence).ShouldBe(events.Select(e => e.Sequence), "a viewer sees no more and no less");
    }
}

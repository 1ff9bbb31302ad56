using System.Text.Json;
using AgentLab.Core;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tasks;
using AgentLab.Core.Tasks.Schedules;
using AgentLab.Data.Projects;
using AgentLab.Data.Sessions;
using AgentLab.Data.Tasks;
using AgentLab.Tests.Data.Databases;
using AgentLab.Tests.Data.Sessions;
using AgentLab.Tests.Fakes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AgentLab.Tests.Data.Tasks;

/// <summary>The rows of tasks: what people see, what the queue takes, and what runs do to them.</summary>
public abstract class TaskStoreSuite<TFixture>(TFixture fixture) : IAsyncLifetime
    where TFixture : DatabaseFixture
{
    /// <summary>A node that never entered.</summary>
    private const string Gone = "gone/1";

    private static readonly DateTimeOffset Noon = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly ManualTimeProvider _time = new(Noon);
    private readonly Actor _owner = new(Guid.NewGuid(), ActorRole.Editor);
    private readonly TaskOptions _options = new() { RetryPause = TimeSpan.FromSeconds(10) };

    private TaskStore Store => new(fixture.Database, Options.Create(_options), _time);

    private TaskQueue Queue => new(fixture.Database, Options.Create(_options), _time);

    /// <summary>A class shares one database, and limits count every task in it.</summary>
    public async Task InitializeAsync()
    {
        await LogHost.StartAsync(fixture);
        await fixture.Database.WriteAsync(
            async (context, token) =>
            {
                await context.Set<TaskAttemptRow>().ExecuteDeleteAsync(token);
                await context.Set<TaskRow>().ExecuteDeleteAsync(token);
            },
            default);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Add_Task_ReadsBackAsItWas()
    {
        var task = TaskOf("Größe 🦉") with
        {
            Context = JsonElement.Parse("""{"customer": "C-17"}"""),
            Schedule = new TaskSchedule { Cron = "0 9 * * 1-5", TimeZone = "Europe/Berlin", Missed = MissedRun.Skip },
            NextRunAt = Noon.AddHours(20),
        };
        await Store.AddAsync(task, null, default);

        var found = (await Store.FindAsync(task.Id, default)).ShouldNotBeNull();
        found.Context!.Value.GetRawText().ShouldBe("""{"customer": "C-17"}""");
        (found with { Context = task.Context }).ShouldBe(task with { Context = task.Context });
        (await Store.AttemptsAsync(task.Id, 10, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task List_Filters_GiveEachPageOnce()
    {
        foreach (var (title, priority) in new[] { ("Alpha one", 1), ("Beta", 5), ("Alpha two", 5), ("ALPHA three", 5) })
        {
            await Store.AddAsync(TaskOf(title) with { Priority = priority }, null, default);
        }

        (await TitlesAsync(new TaskQuery { Limit = 2 })).ShouldBe(["ALPHA three", "Alpha two", "Beta", "Alpha one"]);
        (await TitlesAsync(new TaskQuery { Text = "alpha", Priority = 5, Limit = 1 })).ShouldBe(["ALPHA three", "Alpha two"]);
        (await TitlesAsync(new TaskQuery { Status = LabTaskStatus.Dead })).ShouldBeEmpty();
        (await Store.ListAsync(new TaskQuery(), new Actor(Guid.NewGuid(), ActorRole.Editor), default)).Items.ShouldBeEmpty();
        (await Store.ListAsync(new TaskQuery(), new Actor(Guid.NewGuid(), ActorRole.Admin), default)).Items.Count.ShouldBe(4);
        (await Store.CountAsync(_owner, default)).ShouldBe(new Dictionary<LabTaskStatus, int> { [LabTaskStatus.Queued] = 4 });
        await Should.ThrowAsync<FormatException>(async () => await Store.ListAsync(new TaskQuery { Cursor = "none of ours" }, _owner, default));
    }

    [Fact]
    public async Task Change_ByManyAtOnce_LosesNone()
    {
        var task = await AddedAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Store.ChangeAsync(task.Id, t => t with { Version = t.Version + 1 }, default)));

        (await FoundAsync(task)).Version.ShouldBe(9);
    }

    [Fact]
    public async Task Admit_Priorities_UrgentFirstAndWhoWaitsRises()
    {
        await AddedAsync("low, old", 1, Noon.AddMinutes(-41));
        await AddedAsync("urgent", 5, Noon);
        await AddedAsync("low, new", 1, Noon);
        await AddedAsync("later", 5, Noon.AddHours(1));
        _options.Concurrent = 2;

        (await AdmittedAsync()).ShouldBe(["low, old", "urgent"]);
        (await AdmittedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Admit_Limits_HoldForWorkerProjectAndInstance()
    {
        var busy = new TaskWorker(TaskWorkerKind.Agent, Guid.NewGuid(), "Busy");
        for (var i = 0; i < 5; i++)
        {
            await Store.AddAsync(TaskOf($"busy {i}") with { Worker = busy, NextRunAt = Noon.AddMinutes(-10 + i) }, null, default);
        }

        await AddedAsync("other", 1, Noon);
        _options.PerWorker = 2;

        (await AdmittedAsync()).ShouldBe(["busy 0", "busy 1", "other"]);

        _options.PerWorker = 16;
        _options.PerProject = 4;
        (await AdmittedAsync()).ShouldBe(["busy 2"]);
    }

    [Fact]
    public async Task Admit_ManyNodesAtOnce_EachTaskOnceAndNoLimitPassed()
    {
        for (var i = 0; i < 40; i++)
        {
            await AddedAsync($"task {i}");
        }

        _options.Concurrent = 30;
        _options.PerWorker = 100;
        var taken = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => Queue.AdmitAsync($"node-{n}/1", default)));

        var all = taken.SelectMany(t => t).Select(t => t.Id).ToList();
        all.Count.ShouldBe(30);
        all.Distinct().Count().ShouldBe(30);
    }

    [Fact]
    public async Task Admit_MissedRuns_AreMadeUpForOnceOrLeftOut()
    {
        var hourly = new TaskSchedule { Cron = "0 * * * *" };
        await Store.AddAsync(TaskOf("once") with { Schedule = hourly, NextRunAt = Noon.AddHours(-5) }, null, default);
        await Store.AddAsync(TaskOf("skip") with { Schedule = hourly with { Missed = MissedRun.Skip }, NextRunAt = Noon.AddHours(-5) }, null, default);
        await Store.AddAsync(TaskOf("in time") with { Schedule = hourly with { Missed = MissedRun.Skip }, NextRunAt = Noon.AddSeconds(-20) }, null, default);

        (await AdmittedAsync()).ShouldBe(["once", "in time"]);

        var all = (await Store.ListAsync(new TaskQuery(), _owner, default)).Items;
        all.ShouldAllBe(task => task.NextRunAt == Noon.AddHours(1));
        all.Single(task => task.Title == "skip").Status.ShouldBe(LabTaskStatus.Queued);
    }

    [Fact]
    public async Task Run_OfATask_TakesTheTaskAlong()
    {
        var log = await LogHost.StartAsync(fixture);
        var task = await AddedAsync();
        await AdmittedAsync();
        var (session, run) = await BegunAsync(log, task, 1);

        var running = await FoundAsync(task);
        (running.Status, running.SessionId, running.RunId, running.Attempts).ShouldBe((LabTaskStatus.Running, session, run, 1));

        await log.AppendAsync(session, new NewEvent(new RunPaused(RunReasons.Waiting, ""), run));
        (await FoundAsync(task)).Status.ShouldBe(LabTaskStatus.Waiting);
        await log.AppendAsync(session, new NewEvent(new RunResumed(RunReasons.Woken, "node", 2), run));
        (await FoundAsync(task)).Status.ShouldBe(LabTaskStatus.Running);
        await log.AppendAsync(session, new NewEvent(new RunCompleted(1, UsageTotals.Zero, 5), run));

        (await FoundAsync(task)).Status.ShouldBe(LabTaskStatus.Completed);
        var attempt = (await Store.AttemptsAsync(task.Id, 10, default)).ShouldHaveSingleItem();
        (attempt.Status, attempt.RunId, attempt.EndedAt is not null).ShouldBe((LabTaskStatus.Completed, run, true));
    }

    [Fact]
    public async Task Run_FailingEachTime_IsTriedFiveTimesWithPausesAndThenSetAside()
    {
        var log = await LogHost.StartAsync(fixture);
        var task = await AddedAsync();
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            (await AdmittedAsync()).ShouldHaveSingleItem();
            var (session, run) = await BegunAsync(log, task, attempt);
            await log.AppendAsync(session, new NewEvent(new RunFailed("model_unavailable", $"Try {attempt} failed.", true, UsageTotals.Zero, 1), run));
            (await AdmittedAsync()).ShouldBeEmpty();
            var after = await FoundAsync(task);
            after.Status.ShouldBe(attempt < 5 ? LabTaskStatus.Queued : LabTaskStatus.Dead);
            after.Reason.ShouldBe($"Try {attempt} failed.");
            if (after.NextRunAt is { } next)
            {
                _time.Advance(next - _time.GetUtcNow() + TimeSpan.FromMilliseconds(1));
            }
        }

        (await Store.AttemptsAsync(task.Id, 10, default)).Select(a => (a.Number, a.Status)).ShouldBe(Enumerable.Range(1, 5).Reverse().Select(n => (n, LabTaskStatus.Failed)));
    }

    [Fact]
    public async Task Run_FailingForGood_EndsTheTaskAtOnce()
    {
        var log = await LogHost.StartAsync(fixture);
        var task = await AddedAsync();
        await AdmittedAsync();
        var (session, run) = await BegunAsync(log, task, 1);
        await log.AppendAsync(session, new NewEvent(new RunFailed("limit_steps", "Too many steps.", false, UsageTotals.Zero, 1), run));

        var after = await FoundAsync(task);
        (after.Status, after.ReasonCode, after.NextRunAt).ShouldBe((LabTaskStatus.Failed, "limit_steps", null));
    }

    [Fact]
    public async Task Run_BySchedule_GoesBackIntoTheQueueHoweverItEnds()
    {
        var log = await LogHost.StartAsync(fixture);
        var task = TaskOf("hourly") with { Schedule = new TaskSchedule { Cron = "0 * * * *" }, NextRunAt = Noon };
        await Store.AddAsync(task, null, default);
        var ends = new EventData[]
        {
            new RunCompleted(1, UsageTotals.Zero, 5), new RunFailed("limit_steps", "Too many steps.", false, UsageTotals.Zero, 1), new RunCancelled("stop_requested", UsageTotals.Zero, 1),
        };
        for (var i = 0; i < ends.Length; i++)
        {
            (await AdmittedAsync()).ShouldHaveSingleItem();
            var (session, run) = await BegunAsync(log, task, i + 1);
            await log.AppendAsync(session, new NewEvent(ends[i], run));
            var after = await FoundAsync(task);
            (after.Status, after.NextRunAt, after.Attempts).ShouldBe((LabTaskStatus.Queued, Noon.AddHours(i + 1), 0));
            after.LastStatus.ShouldBe(new[] { LabTaskStatus.Completed, LabTaskStatus.Failed, LabTaskStatus.Cancelled }[i]);
            _time.Advance(TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public async Task Overdue_Attempt_IsMarkedAndCountsAsAFailureWhenItStops()
    {
        var log = await LogHost.StartAsync(fixture);
        var task = await AddedAsync();
        await AdmittedAsync();
        var (session, run) = await BegunAsync(log, task, 1);
        _time.Advance(TimeProvider.System.GetUtcNow() - Noon + TimeSpan.FromHours(2));

        (await Queue.TakeOverdueAsync(default)).ShouldHaveSingleItem().RunId.ShouldBe(run);
        (await Queue.TakeOverdueAsync(default)).ShouldBeEmpty();
        await log.AppendAsync(session, new NewEvent(new RunCancelled("stop_requested", UsageTotals.Zero, 1), run));

        var after = await FoundAsync(task);
        (after.Status, after.ReasonCode, after.LastStatus).ShouldBe((LabTaskStatus.Queued, "time_limit", LabTaskStatus.Failed));
        (await Store.AttemptsAsync(task.Id, 10, default))[0].ReasonCode.ShouldBe("time_limit");
    }

    [Fact]
    public async Task Abandoned_Attempt_IsTakenOverByOneNode()
    {
        var task = await AddedAsync();
        await AdmittedAsync();

        // The node "gone/1" never entered: nobody holds what it took.
        string[] nodes = [await EnteredAsync(), await EnteredAsync()];
        var taken = await Task.WhenAll(nodes.Select(node => Queue.TakeAbandonedAsync(node, default)));

        taken.Sum(t => t.Count).ShouldBe(1);
        taken.SelectMany(t => t).Single().Starts.ShouldBe(1);
        (await FoundAsync(task)).Status.ShouldBe(LabTaskStatus.Running);

        // Its answer may be lost on the way to the node that has it now: that one tries the same start again.
        _time.Advance(TimeSpan.FromSeconds(31));
        var again = await Task.WhenAll(nodes.Select(node => Queue.TakeAbandonedAsync(node, default)));
        again.SelectMany(t => t).Select(t => (t.Id, t.Starts)).ShouldBe([(task.Id, 1)]);
    }

    [Fact]
    public async Task FailStart_ForGoodOrNot_EndsOrTriesAgain()
    {
        var again = await AddedAsync();
        var never = await AddedAsync();
        await AdmittedAsync();

        await Queue.FailStartAsync(again with { Starts = 1 }, Gone, new LabError("too_many_runs", "Too many.", CanRetry: true), default);
        await Queue.FailStartAsync(never with { Starts = 1 }, Gone, LabError.NotFound("agent"), default);
        await Queue.FailStartAsync(never with { Starts = 2 }, Gone, new LabError("internal", "Of another attempt."), default);

        var tried = await FoundAsync(again);
        (tried.Status, tried.NextRunAt > Noon).ShouldBe((LabTaskStatus.Queued, true));
        var failed = await FoundAsync(never);
        (failed.Status, failed.ReasonCode).ShouldBe((LabTaskStatus.Failed, "not_found"));
        (await Store.AttemptsAsync(never.Id, 10, default))[0].ReasonCode.ShouldBe("not_found");
    }

    [Fact]
    public async Task Wakes_OrderedOnce_UntilTheTimeChanges()
    {
        var task = TaskOf("later") with { NextRunAt = Noon.AddHours(3) };
        await Store.AddAsync(task, null, default);

        var wakes = await Queue.UnorderedAsync(10, default);
        wakes.ShouldBe([new TaskWake(task.Id, Noon.AddHours(3))]);
        await Queue.OrderedAsync(wakes, default);
        (await Queue.UnorderedAsync(10, default)).ShouldBeEmpty();
        (await Queue.AnyLaterAsync(default)).ShouldBeTrue();

        await Store.ChangeAsync(task.Id, t => t with { NextRunAt = Noon.AddHours(4) }, default);
        (await Queue.UnorderedAsync(10, default)).ShouldHaveSingleItem().At.ShouldBe(Noon.AddHours(4));
    }

    [Fact]
    public async Task Add_TwiceUnderOneKey_AddsOne()
    {
        var request = new IdempotencyKey("somebody", "tasks.create", $"key {Guid.NewGuid()}", "hash one");
        var tasks = Enumerable.Range(0, 5).Select(i => TaskOf($"Once {i}")).ToList();

        var added = await Task.WhenAll(tasks.Select(task => Store.AddAsync(task, request, default)));

        added.Select(task => task!.Id).Distinct().ShouldHaveSingleItem();
        (await Store.ListAsync(new TaskQuery(), _owner, default)).Items.Count.ShouldBe(1);
        (await Store.AddAsync(TaskOf("Another"), request with { BodyHash = "hash two" }, default)).ShouldBeNull();
        (await Store.AddAsync(TaskOf("Theirs"), request with { Principal = "somebody else" }, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Delete_Task_GoesUnlessItIsGoingOn()
    {
        var task = await AddedAsync();
        await AdmittedAsync();
        (await Store.DeleteAsync(task.Id, default)).ShouldBeFalse();

        await Queue.FailStartAsync(task with { Starts = 1 }, "another/1", LabError.NotFound("agent"), default);
        (await Store.DeleteAsync(task.Id, default)).ShouldBeFalse("another node has no say");
        await Queue.FailStartAsync(task with { Starts = 1 }, Gone, LabError.NotFound("agent"), default);
        (await Store.DeleteAsync(task.Id, default)).ShouldBeTrue();
        (await Store.FindAsync(task.Id, default)).ShouldBeNull();
    }

    private async Task<string> EnteredAsync()
    {
        var node = new NodeRow { Id = $"next/{Guid.NewGuid():N}", Name = "next", LeaseUntil = long.MaxValue };
        await fixture.Database.WriteAsync(
            (context, _) =>
            {
                context.Add(node);
                return Task.CompletedTask;
            },
            default);
        return node.Id;
    }

    private LabTask TaskOf(string title) => new()
    {
        Id = Guid.CreateVersion7(),
        OwnerId = _owner.UserId,
        ProjectId = Project.DefaultId,
        Title = title,
        Description = "Something to be done.",
        Priority = 1,
        Status = LabTaskStatus.Queued,
        Worker = new TaskWorker(TaskWorkerKind.Agent, Guid.NewGuid(), "Analyst"),
        TimeLimit = 3600,
        NextRunAt = Noon,
        CreatedAt = Noon,
        UpdatedAt = Noon,
    };

    private async Task<LabTask> AddedAsync(string title = "A task", int priority = 1, DateTimeOffset? due = null)
    {
        var task = TaskOf(title) with { Priority = priority, NextRunAt = due ?? Noon };
        await Store.AddAsync(task, null, default);
        return task;
    }

    private async Task<LabTask> FoundAsync(LabTask task) => (await Store.FindAsync(task.Id, default)).ShouldNotBeNull();

    private async Task<List<string>> AdmittedAsync() => [.. (await Queue.AdmitAsync(Gone, default)).Select(task => task.Title)];

    private async Task<List<string>> TitlesAsync(TaskQuery query)
    {
        var titles = new List<string>();
        do
        {
            var page = await Store.ListAsync(query, _owner, default);
            titles.AddRange(page.Items.Select(task => task.Title));
            query = query with { Cursor = page.NextCursor };
        }
        while (query.Cursor is not null);

        return titles;
    }

    private static async Task<(SessionId Session, RunId Run)> BegunAsync(LogHost log, LabTask task, int attempt)
    {
        var session = await log.CreateAsync();
        var run = RunId.New();
        await log.AppendAsync(session, new NewEvent(new RunStarted("task", Guid.Empty, 1, new RunLimits(), Task: new TaskReference(task.Id, attempt)), run));
        return (session, run);
    }
}

public sealed class SqliteTaskStoreTests(SqliteFixture fixture) : TaskStoreSuite<SqliteFixture>(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgreSqlTaskStoreTests(PostgreSqlFixture fixture) : TaskStoreSuite<PostgreSqlFixture>(fixture), IClassFixture<PostgreSqlFixture>;

[NeedsSqlServer]
public sealed class SqlServerTaskStoreTests(SqlServerFixture fixture) : TaskStoreSuite<SqlServerFixture>(fixture), IClassFixture<SqlServerFixture>;

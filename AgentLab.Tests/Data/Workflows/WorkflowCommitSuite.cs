using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Data.Workflows;
using AgentLab.Tests.Data.Databases;
using AgentLab.Tests.Fakes;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Tests.Data.Workflows;

public abstract class WorkflowCommitSuite<TFixture>(TFixture fixture) : IDisposable
    where TFixture : DatabaseFixture
{
    private readonly WorkflowHost _host = new(fixture);

    public void Dispose()
    {
        _host.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Commit_OnTheNewestRevision_TakesEffect()
    {
        var workflow = await _host.CreatedAsync(_host.Named("A"));

        var commit = (await _host.AddAsync(workflow.Id, 1, "a")).Value!;

        (commit.Revision, commit.Merged).ShouldBe((2, false));
        commit.Definition.Nodes.Select(node => node.Id).ShouldBe(["start", "a"]);
        WorkflowText.Write((await _host.FoundAsync(workflow.Id)).Draft).ShouldBe(WorkflowText.Write(commit.Definition));
    }

    [Fact]
    public async Task Commit_TheSameGestureAgain_TakesEffectOnce()
    {
        var workflow = await _host.CreatedAsync(_host.Named("A"));
        var gesture = Guid.NewGuid();
        await _host.AddAsync(workflow.Id, 1, "a", gesture: gesture);

        var again = (await _host.AddAsync(workflow.Id, 1, "a", gesture: gesture)).Value!;
        await _host.AddAsync(workflow.Id, 2, "b");
        var later = (await _host.AddAsync(workflow.Id, 1, "a", gesture: gesture)).Value!;

        (again.Revision, again.Merged).ShouldBe((2, false));
        (later.Revision, later.Merged).ShouldBe((3, true));
        (await _host.FoundAsync(workflow.Id)).Draft.Nodes.Select(node => node.Id).ShouldBe(["start", "a", "b"]);
    }

    [Fact]
    public async Task Commit_OnAnOlderRevision_IsMergedWhenItTouchesOtherThings()
    {
        var workflow = await _host.CreatedAsync(_host.Named("A"));
        await _host.AddAsync(workflow.Id, 1, "a");
        await _host.AddAsync(workflow.Id, 2, "b");

        var commit = (await _host.AddAsync(workflow.Id, 1, "c", WorkflowHost.Admin)).Value!;

        (commit.Revision, commit.Merged).ShouldBe((4, true));
        commit.Definition.Nodes.Select(node => node.Id).ShouldBe(["start", "a", "b", "c"]);
        var changes = await _host.Get<IWorkflowHistory>().SinceAsync(workflow.Id, 2, _host.Editor, default);
        changes.Select(change => (change.Revision, change.Label, change.By)).ShouldBe([(3, "Add b", _host.Editor.UserId), (4, "Add c", WorkflowHost.Admin.UserId)]);
    }

    [Fact]
    public async Task Commit_OfTheSameThing_ConflictsAndOverwritesNothing()
    {
        var workflow = await _host.CreatedAsync(_host.Named("A", "start:start a:set"));
        await CommitAsync(workflow.Id, 1, Renamed("a", "Mine"));

        var late = await CommitAsync(workflow.Id, 1, Renamed("a", "Theirs"));

        late.Error!.Code.ShouldBe("edit_conflict");
        (await _host.FoundAsync(workflow.Id)).Draft.Nodes[1].Name.ShouldBe("Mine");
    }

    [Fact]
    public async Task Commit_ThatBreaksTheGraph_IsRefusedWhole()
    {
        var workflow = await _host.CreatedAsync(_host.Named("A", "start:start a:set b:set", "start>a a>b"));

        var outcome = await _host.Store.CommitAsync(
            workflow.Id, 1, Guid.NewGuid(), "Bad", [new AddNode(Draw.Node("c:set")), new AddEdge(Draw.Edge("b>a", 9))], _host.Editor, default);

        outcome.Error!.Code.ShouldBe("invalid");
        (await _host.FoundAsync(workflow.Id)).Revision.ShouldBe(1);
    }

    [Fact]
    public async Task Commit_BeforeTheHistoryOrAheadOfIt_Conflicts()
    {
        var workflow = await _host.CreatedAsync(_host.Named("A"));

        (await _host.AddAsync(workflow.Id, 0, "a")).Error!.Code.ShouldBe("edit_conflict");
        (await _host.AddAsync(workflow.Id, 9, "a")).Error!.Code.ShouldBe("edit_conflict");
    }

    [Fact]
    public async Task Commit_ManyGestures_KeepsTheNewestAndMergesOnAnyOfThem()
    {
        var workflow = await _host.CreatedAsync(_host.Named("A", "start:start m:set"));
        for (var revision = 1; revision <= 540; revision++)
        {
            (await CommitAsync(workflow.Id, revision, new MoveNodes([new NodeMove("m", revision, 0)]))).Ok.ShouldBeTrue();
        }

        var kept = await fixture.Database.ReadAsync(
            (context, token) => (
                from row in context.Set<WorkflowRow>()
                join gesture in context.Set<WorkflowGestureRow>() on row.Key equals gesture.WorkflowKey
                where row.Id == workflow.Id
                orderby gesture.Revision
                select gesture.Revision).ToListAsync(token),
            default);
        kept.Count.ShouldBeInRange(500, 540);
        kept[^1].ShouldBe(541);
        (await _host.AddAsync(workflow.Id, kept[0], "oldest")).Value!.Merged.ShouldBeTrue();
        (await _host.AddAsync(workflow.Id, kept[0] + 13, "between")).Value!.Merged.ShouldBeTrue();
        (await _host.AddAsync(workflow.Id, kept[0] - 1, "before")).Error!.Code.ShouldBe("edit_conflict");
    }

    [Fact]
    public async Task Commit_TwoEditorsAtOnce_LosesNoGesture()
    {
        const int Each = 25;
        var workflow = await _host.CreatedAsync(_host.Named("A"));
        var editors = new[] { (Name: "a", Actor: _host.Editor), (Name: "b", Actor: WorkflowHost.Admin), (Name: "c", Actor: _host.Editor) };

        await Task.WhenAll(editors.Select(async editor =>
        {
            // Each goes on from what it saw last, as a canvas does, and so often lags behind the others.
            var seen = 1L;
            for (var number = 0; number < Each; number++)
            {
                var outcome = await _host.AddAsync(workflow.Id, seen, $"{editor.Name}{number}", editor.Actor);
                outcome.Errors.ShouldBeEmpty();
                seen = outcome.Value!.Revision;
            }
        }));

        var draft = await _host.FoundAsync(workflow.Id);
        draft.Revision.ShouldBe(1 + (editors.Length * Each));
        draft.Draft.Nodes.Count.ShouldBe(1 + (editors.Length * Each));
        draft.Draft.Nodes.Select(node => node.Id).ShouldBeUnique();
        draft.Summary.Nodes.ShouldBe(draft.Draft.Nodes.Count);
    }

    [Fact]
    public async Task Commit_OfTwoProcessesAtOnce_LosesNoGesture()
    {
        const int Each = 10;
        var workflow = await _host.CreatedAsync(_host.Named("A"));
        using var second = new WorkflowHost(fixture);

        await Task.WhenAll(new[] { (Host: _host, Name: "a"), (Host: second, Name: "b") }.Select(async process =>
        {
            for (var number = 0; number < Each; number++)
            {
                (await process.Host.AddAsync(workflow.Id, 1, $"{process.Name}{number}", WorkflowHost.Admin)).Errors.ShouldBeEmpty();
            }
        }));

        (await _host.FoundAsync(workflow.Id)).Draft.Nodes.Count.ShouldBe(1 + (2 * Each));
    }

    [Fact]
    public async Task Commit_NameOfAnotherWorkflow_IsTaken()
    {
        await _host.CreatedAsync(_host.Named("Taken"));
        var workflow = await _host.CreatedAsync(_host.Named("Mine"));

        var outcome = await CommitAsync(workflow.Id, 1, new SetWorkflow($"TAKEN {_host.Mark}", "", [], null, null, new WorkflowLimits()));

        outcome.Error!.Code.ShouldBe("name_taken");
    }

    private static SetNode Renamed(string id, string name) => new(Draw.Node($"{id}:set") with { Name = name });

    private Task<AgentLab.Core.Outcome<DraftCommit>> CommitAsync(Guid workflow, long revision, WorkflowOperation operation) =>
        _host.Store.CommitAsync(workflow, revision, Guid.NewGuid(), "Change", [operation], _host.Editor, default);
}

public sealed class SqliteWorkflowCommitTests(SqliteFixture fixture) : WorkflowCommitSuite<SqliteFixture>(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgreSqlWorkflowCommitTests(PostgreSqlFixture fixture) : WorkflowCommitSuite<PostgreSqlFixture>(fixture), IClassFixture<PostgreSqlFixture>;

[NeedsSqlServer]
public sealed class SqlServerWorkflowCommitTests(SqlServerFixture fixture) : WorkflowCommitSuite<SqlServerFixture>(fixture), IClassFixture<SqlServerFixture>;

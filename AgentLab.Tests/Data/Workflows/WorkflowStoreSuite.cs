using AgentLab.Core.Identity;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Data.Projects;
using AgentLab.Data.Workflows;
using AgentLab.Tests.Data.Databases;

namespace AgentLab.Tests.Data.Workflows;

public abstract class WorkflowStoreSuite<TFixture>(TFixture fixture) : IDisposable
    where TFixture : DatabaseFixture
{
    private readonly WorkflowHost _host = new(fixture);

    private IWorkflowStore Store => _host.Store;

    public void Dispose()
    {
        _host.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Create_SoundDefinition_ReadsBackByIdAndSlug()
    {
        var definition = _host.Named("Größe", "start:start a:set", "start>a") with { Description = "What it does — 数 🦉", Tags = ["Orders", "late"] };

        var created = await _host.CreatedAsync(definition);

        created.Revision.ShouldBe(1);
        created.Summary.OwnerId.ShouldBe(_host.Editor.UserId);
        created.Summary.ProjectId.ShouldBe(Project.DefaultId);
        created.Summary.Slug.ShouldBe($"grosse-{_host.Mark}");
        created.Summary.Tags.ShouldBe(["Orders", "late"]);
        created.Summary.Nodes.ShouldBe(2);
        created.Summary.PublishedVersion.ShouldBeNull();
        created.Summary.HasChanges.ShouldBeTrue();
        created.Summary.CreatedAt.ShouldBe(_host.Time.GetUtcNow());
        WorkflowText.Write(created.Draft).ShouldBe(WorkflowText.Write(definition));
        var found = (await Store.FindAsync(created.Summary.Slug.ToUpperInvariant(), _host.Editor, default)).ShouldNotBeNull();
        WorkflowText.Write(found.Draft).ShouldBe(WorkflowText.Write(definition));
        (await Store.FindAsync(created.Id.ToString(), _host.Editor, default))!.Summary.ShouldBeEquivalentTo(found.Summary);
    }

    [Fact]
    public async Task Create_UnknownKind_IsRefusedByNameAndKeepsNothing()
    {
        var outcome = await Store.CreateAsync(_host.Named("Bad", "start:start a:rocket"), _host.Editor, default);

        outcome.Errors.ShouldContain(error => error.Message.Contains("rocket", StringComparison.Ordinal));
        (await Store.ListAsync(_host.Query(), WorkflowHost.Admin, default)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Create_ByViewer_IsForbidden() =>
        (await Store.CreateAsync(_host.Named("A"), _host.Viewer, default)).Error!.Code.ShouldBe("forbidden");

    [Fact]
    public async Task Create_NameInOtherCase_IsTakenForItsOwnerAlone()
    {
        await _host.CreatedAsync(_host.Named("Order"));

        (await Store.CreateAsync(_host.Named("ORDER"), _host.Editor, default)).Error!.Code.ShouldBe("name_taken");
        var theirs = await _host.CreatedAsync(_host.Named("order"), _host.Other);
        theirs.Summary.Slug.ShouldBe($"order-{_host.Mark}-2");
    }

    [Fact]
    public async Task Create_SameNameAtOnce_OneWinsTheRestReadNameTaken()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Store.CreateAsync(_host.Named("Race"), _host.Editor, default)));

        outcomes.Count(outcome => outcome.Ok).ShouldBe(1);
        outcomes.Where(outcome => !outcome.Ok).ShouldAllBe(outcome => outcome.Error!.Code == "name_taken");
    }

    [Fact]
    public async Task Replace_AtTheRevision_TakesEffectElseConflicts()
    {
        var created = await _host.CreatedAsync(_host.Named("First"));
        _host.Time.Advance(TimeSpan.FromMinutes(1));

        var replaced = (await Store.ReplaceAsync(created.Id, 1, _host.Named("Second", "start:start b:set"), _host.Editor, default)).Value!;
        var late = await Store.ReplaceAsync(created.Id, 1, _host.Named("Late"), _host.Editor, default);

        replaced.Revision.ShouldBe(2);
        replaced.Summary.UpdatedAt.ShouldBe(_host.Time.GetUtcNow());
        late.Error!.Code.ShouldBe("edit_conflict");
        (await _host.FoundAsync(created.Id)).Draft.Name.ShouldBe($"Second {_host.Mark}");
    }

    [Fact]
    public async Task Replace_SameContent_MakesNoRevision()
    {
        var created = await _host.CreatedAsync(_host.Named("Same"));

        (await Store.ReplaceAsync(created.Id, 1, created.Draft, _host.Editor, default)).Value!.Revision.ShouldBe(1);
    }

    [Fact]
    public async Task Publish_ChangedDraft_MakesVersionsThatNeverChange()
    {
        var published = await _host.PublishedAsync(_host.Named("A"));
        var replaced = (await Store.ReplaceAsync(published.Id, 1, _host.Named("B"), _host.Editor, default)).Value!;
        replaced.Summary.HasChanges.ShouldBeTrue();

        var again = (await Store.PublishAsync(published.Id, 2, "Renamed", _host.Editor, default)).Value!;

        published.Summary.PublishedVersion.ShouldBe(1);
        published.Summary.HasChanges.ShouldBeFalse();
        again.Summary.PublishedVersion.ShouldBe(2);
        var versions = (await Store.VersionsAsync(published.Id, null, 20, _host.Other, default)).Items;
        versions.Select(version => (version.Version, version.Note)).ShouldBe([(2, "Renamed"), (1, "")]);
        (await Store.FindVersionAsync(published.Id, 1, _host.Viewer, default))!.Definition.Name.ShouldBe($"A {_host.Mark}");
        (await _host.Versions.FindAsync(published.Id, 1, default))!.Name.ShouldBe($"A {_host.Mark}");
        (await _host.Versions.FindAsync(published.Id, 3, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Versions_OfMany_ComeInPagesNewestFirst()
    {
        var workflow = await _host.PublishedAsync(_host.Named("V"));
        for (var version = 2; version <= 5; version++)
        {
            (await Store.ReplaceAsync(workflow.Id, version - 1, workflow.Draft with { Description = $"{version}" }, _host.Editor, default)).Ok.ShouldBeTrue();
            (await Store.PublishAsync(workflow.Id, version, $"{version}", _host.Editor, default)).Ok.ShouldBeTrue();
        }

        var first = await Store.VersionsAsync(workflow.Id, null, 2, _host.Other, default);
        var second = await Store.VersionsAsync(workflow.Id, first.NextCursor, 2, _host.Other, default);
        var last = await Store.VersionsAsync(workflow.Id, second.NextCursor, 2, _host.Other, default);

        first.Items.Concat(second.Items).Concat(last.Items).Select(version => version.Version).ShouldBe([5, 4, 3, 2, 1]);
        last.NextCursor.ShouldBeNull();
        await Should.ThrowAsync<FormatException>(async () => await Store.VersionsAsync(workflow.Id, "2", 2, _host.Other, default));
    }

    [Fact]
    public async Task Publish_UnchangedDraft_MakesNoVersion()
    {
        var published = await _host.PublishedAsync(_host.Named("A"));

        (await Store.PublishAsync(published.Id, 1, "Again", _host.Editor, default)).Value!.Summary.PublishedVersion.ShouldBe(1);
    }

    [Fact]
    public async Task Publish_WithProblems_NamesNodeAndField()
    {
        var created = await _host.CreatedAsync(_host.Named("A", "start:start n:need", "start>n"));

        var outcome = await Store.PublishAsync(created.Id, 1, "", _host.Editor, default);

        outcome.Errors.ShouldContain(error => error.Code == "invalid" && error.Field == "nodes.n.url");
        (await Store.VersionsAsync(created.Id, null, 20, _host.Editor, default)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Publish_AnOlderRevision_Conflicts()
    {
        var created = await _host.CreatedAsync(_host.Named("A"));
        await _host.AddAsync(created.Id, 1, "a");

        (await Store.PublishAsync(created.Id, 1, "", _host.Editor, default)).Error!.Code.ShouldBe("edit_conflict");
    }

    [Fact]
    public async Task Hook_PublishedAndActive_IsFoundUntilItIsSwitchedOff()
    {
        var slug = $"new-{_host.Mark}";
        var workflow = await _host.PublishedAsync(_host.Hooked("A", slug));

        var hook = (await _host.Hooks.FindAsync("POST", slug.ToUpperInvariant(), default)).ShouldNotBeNull();
        (await _host.Hooks.FindAsync("GET", slug, default)).ShouldBeNull();
        (await _host.Hooks.MethodsAsync(slug, default)).ShouldBe(["POST"]);
        await Store.SetActiveAsync(workflow.Id, false, _host.Editor, default);
        (await _host.Hooks.FindAsync("POST", slug, default)).ShouldBeNull();
        await Store.SetActiveAsync(workflow.Id, true, _host.Editor, default);
        (await _host.Hooks.FindAsync("POST", slug, default)).ShouldBe(hook);
        await Store.DeleteAsync(workflow.Id, _host.Editor, default);

        (hook.Workflow, hook.Version, hook.Node, hook.OwnerId).ShouldBe((workflow.Id, 1, "hook", _host.Editor.UserId));
        (await _host.Hooks.FindAsync("POST", slug, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Offered_PublishedWorkflow_IsFoundByEveryoneUntilItIsTakenOut()
    {
        var draft = await _host.CreatedAsync(_host.Named("A"));
        (await Store.SetOfferedAsync(draft.Id, true, _host.Editor, default)).Error!.Code.ShouldBe("workflow_not_published");
        var published = await _host.PublishedAsync(_host.Named("B"));
        (await OfferedAsync()).ShouldNotContain(published.Id);

        (await Store.SetOfferedAsync(published.Id, true, _host.Other, default)).Error!.Code.ShouldBe("forbidden");
        (await Store.SetOfferedAsync(published.Id, true, _host.Editor, default)).Value!.Summary.Offered.ShouldBeTrue();
        (await OfferedAsync()).ShouldContain(published.Id);

        (await Store.SetOfferedAsync(published.Id, false, _host.Editor, default)).Value!.Summary.Offered.ShouldBeFalse();
        (await OfferedAsync()).ShouldNotContain(published.Id);

        async Task<IEnumerable<Guid>> OfferedAsync() =>
            (await Store.ListAsync(new WorkflowQuery { Offered = true, Limit = 100 }, _host.Other, default)).Items.Select(workflow => workflow.Id);
    }

    [Fact]
    public async Task Hook_OfAnotherWorkflow_IsTakenByMethod()
    {
        var slug = $"new-{_host.Mark}";
        await _host.PublishedAsync(_host.Hooked("A", slug));
        var second = await _host.CreatedAsync(_host.Hooked("B", slug, "ANY"), _host.Other);
        await _host.PublishedAsync(_host.Hooked("C", slug, "GET"), _host.Other);

        (await Store.PublishAsync(second.Id, 1, "", _host.Other, default)).Error!.Code.ShouldBe("hook_taken");
        (await Store.VersionsAsync(second.Id, null, 20, _host.Other, default)).Items.ShouldBeEmpty();
        (await _host.FoundAsync(second.Id)).Summary.PublishedVersion.ShouldBeNull();
        (await _host.Hooks.MethodsAsync(slug, default)).ShouldBe(["GET", "POST"]);
    }

    [Fact]
    public async Task Resolve_Workflow_FollowsPublicationAndDeletion()
    {
        var created = await _host.CreatedAsync(_host.Named("A"));
        (await _host.Versions.ResolveAsync(created.Summary.Slug, null, default))!.Definition.ShouldBeNull();
        await Store.PublishAsync(created.Id, 1, "", _host.Editor, default);

        var published = (await _host.Versions.ResolveAsync(created.Summary.Slug, null, default)).ShouldNotBeNull();
        var missing = await _host.Versions.ResolveAsync(created.Id.ToString(), 7, default);
        await Store.DeleteAsync(created.Id, _host.Editor, default);

        published.Workflow.Version.ShouldBe(1);
        published.OwnerId.ShouldBe(_host.Editor.UserId);
        published.Definition.ShouldBeSameAs(await _host.Versions.FindAsync(created.Id, 1, default));
        missing!.Definition.ShouldBeNull();
        (await _host.Versions.ResolveAsync(created.Summary.Slug, null, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Change_ByOthers_IsForbiddenOrNotFoundAsFarAsTheySee()
    {
        var draft = await _host.CreatedAsync(_host.Named("Draft"));
        var published = await _host.PublishedAsync(_host.Named("Published"));

        foreach (var stranger in new[] { _host.Other, _host.Viewer })
        {
            (await Store.FindAsync(draft.Summary.Slug, stranger, default)).ShouldBeNull();
            (await Store.FindAsync(published.Summary.Slug, stranger, default)).ShouldNotBeNull();
            (await _host.AddAsync(draft.Id, 1, "a", stranger)).Error!.Code.ShouldBe("not_found");
            (await _host.AddAsync(published.Id, 1, "a", stranger)).Error!.Code.ShouldBe("forbidden");
            (await Store.ReplaceAsync(published.Id, 1, _host.Named("X"), stranger, default)).Error!.Code.ShouldBe("forbidden");
            (await Store.PublishAsync(published.Id, 1, "", stranger, default)).Error!.Code.ShouldBe("forbidden");
            (await Store.SetActiveAsync(published.Id, false, stranger, default)).Error!.Code.ShouldBe("forbidden");
            (await Store.DeleteAsync(draft.Id, stranger, default)).Error!.Code.ShouldBe("not_found");
        }

        (await _host.AddAsync(published.Id, 1, "a", _host.Editor with { Role = ActorRole.Viewer })).Error!.Code.ShouldBe("forbidden");
        (await _host.AddAsync(draft.Id, 1, "a", WorkflowHost.Admin)).Ok.ShouldBeTrue();
        (await Store.ListAsync(_host.Query(), _host.Viewer, default)).Items.Select(item => item.Id).ShouldBe([published.Id]);
    }

    [Fact]
    public async Task Delete_Workflow_FreesTheNameButNotTheSlugAndKeepsVersionsForRuns()
    {
        var workflow = await _host.PublishedAsync(_host.Named("Gone"));

        (await Store.DeleteAsync(workflow.Id, _host.Editor, default)).Ok.ShouldBeTrue();

        (await Store.FindAsync(workflow.Summary.Slug, WorkflowHost.Admin, default)).ShouldBeNull();
        (await Store.VersionsAsync(workflow.Id, null, 20, WorkflowHost.Admin, default)).Items.ShouldBeEmpty();
        (await _host.Versions.FindAsync(workflow.Id, 1, default)).ShouldNotBeNull();
        (await _host.CreatedAsync(_host.Named("Gone"))).Summary.Slug.ShouldBe($"{workflow.Summary.Slug}-2");
    }

    [Fact]
    public async Task List_PageByPage_IsMostRecentlyChangedFirstEachOnce()
    {
        var ids = new List<Guid>();
        foreach (var name in new[] { "A", "B", "C", "D", "E" })
        {
            ids.Insert(0, (await _host.CreatedAsync(_host.Named(name))).Id);
            _host.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var found = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await Store.ListAsync(_host.Query() with { Limit = 2, Cursor = cursor }, _host.Editor, default);
            found.AddRange(page.Items.Select(item => item.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        found.ShouldBe(ids);
    }

    [Fact]
    public async Task List_ByTagAndText_FindsWholeTagsInAnyCase()
    {
        var tagged = await _host.CreatedAsync(_host.Named("A 100%") with { Tags = ["Late orders", "x"] });
        await _host.CreatedAsync(_host.Named("B 1000") with { Tags = ["late"] });

        (await Store.ListAsync(_host.Query() with { Tag = "LATE ORDERS" }, _host.Editor, default)).Items.Select(item => item.Id).ShouldBe([tagged.Id]);
        (await Store.ListAsync(new WorkflowQuery { Text = $"a 100% {_host.Mark}" }, _host.Editor, default)).Items.Select(item => item.Id).ShouldBe([tagged.Id]);
        (await Store.ListAsync(_host.Query() with { Tag = "a\0" }, _host.Editor, default)).Items.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("x")]
    [InlineData("5")]
    [InlineData("-5-1")]
    public async Task List_ForeignCursor_IsAFormatFault(string cursor) =>
        await Should.ThrowAsync<FormatException>(async () => await Store.ListAsync(new WorkflowQuery { Cursor = cursor }, WorkflowHost.Admin, default));

    [Fact]
    public async Task Rooms_CommitsAndMembers_AreHeardInOrder()
    {
        var workflow = await _host.CreatedAsync(_host.Named("A"));
        var heard = new System.Collections.Concurrent.ConcurrentQueue<RoomChange>();
        var member = new RoomMember(Guid.NewGuid(), _host.Editor.UserId, "Ada");
        var gesture = Guid.NewGuid();
        using (_host.Rooms.Enter(workflow.Id, member, heard.Enqueue))
        {
            _host.Rooms.Members(workflow.Id).ShouldBe([member]);
            await _host.AddAsync(workflow.Id, 1, "a", gesture: gesture);
            await Store.PublishAsync(workflow.Id, 2, "", _host.Editor, default);
            await Api.Eventually.TrueAsync(() => Task.FromResult(heard.Count >= 3));
        }

        heard.Select(change => (change.Kind, change.Revision)).Take(3).ShouldBe([("members", 0), ("committed", 2), ("published", 2)]);
        heard.ElementAt(1).Gesture.ShouldBe(gesture);
        heard.ElementAt(1).Operations.ShouldHaveSingleItem().ShouldBeOfType<AddNode>();
        _host.Rooms.Members(workflow.Id).ShouldBeEmpty();
    }
}

public sealed class SqliteWorkflowStoreTests(SqliteFixture fixture) : WorkflowStoreSuite<SqliteFixture>(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgreSqlWorkflowStoreTests(PostgreSqlFixture fixture) : WorkflowStoreSuite<PostgreSqlFixture>(fixture), IClassFixture<PostgreSqlFixture>;

[NeedsSqlServer]
public sealed class SqlServerWorkflowStoreTests(SqlServerFixture fixture) : WorkflowStoreSuite<SqlServerFixture>(fixture), IClassFixture<SqlServerFixture>;

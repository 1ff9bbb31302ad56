using AgentLab.Core.Agents;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;
using AgentLab.Data.Agents;
using AgentLab.Data.Projects;
using AgentLab.Tests.Data.Databases;
using AgentLab.Tests.Fakes;
using Microsoft.Extensions.AI;

namespace AgentLab.Tests.Data.Agents;

public abstract class AgentStoreSuite<TFixture>
    where TFixture : DatabaseFixture
{
    private static readonly Actor Admin = new(Guid.NewGuid(), ActorRole.Admin);
    private static readonly string[] ByName = ["Alpha", "beta", "Gamma", "delta", "Epsilon"];
    private readonly SteppedTime _time = new();
    private readonly AgentStore _store;
    private readonly Actor _editor = new(Guid.NewGuid(), ActorRole.Editor);
    private readonly Actor _other = new(Guid.NewGuid(), ActorRole.Editor);
    private readonly Actor _viewer = new(Guid.NewGuid(), ActorRole.Viewer);

    // The suite's agents share one database: each test marks its own by a word of its own.
    private readonly string _mark = Guid.NewGuid().ToString("N");

    protected AgentStoreSuite(TFixture fixture)
    {
        var calculator = new Tool(AIFunctionFactory.Create(() => 1, "calculator"), "Calculator", ToolEffect.Read);
        _store = new AgentStore(fixture.Database, new ToolRegistry([calculator]), _time);
    }

    [Fact]
    public async Task Offered_ActiveAgent_IsFoundByEveryoneWhileItIsActiveAndUntilItIsTakenOut()
    {
        var draft = (await _store.CreateAsync(Named("Draft"), AgentStatus.Draft, _editor, default)).Value!;
        (await _store.SetOfferedAsync(draft.Id, true, _editor, default)).Error!.Code.ShouldBe("agent_not_active");
        var agent = await CreatedAsync(Named("Offered"));
        (await OfferedAsync()).ShouldBeEmpty();

        (await _store.SetOfferedAsync(agent.Id, true, _other, default)).Error!.Code.ShouldBe("forbidden");
        (await _store.SetOfferedAsync(agent.Id, true, _viewer, default)).Error!.Code.ShouldBe("forbidden");
        _time.Advance(TimeSpan.FromSeconds(1));
        var offered = (await _store.SetOfferedAsync(agent.Id, true, _editor, default)).Value!;

        (offered.Offered, offered.Version, offered.UpdatedAt - agent.UpdatedAt).ShouldBe((true, 1, TimeSpan.FromSeconds(1)));
        (await OfferedAsync()).ShouldBe([agent.Id]);
        (await _store.SetStatusAsync(agent.Id, AgentStatus.Disabled, _editor, default)).Ok.ShouldBeTrue();
        (await OfferedAsync()).ShouldBeEmpty("nobody can begin from what cannot be asked");
        (await _store.SetStatusAsync(agent.Id, AgentStatus.Active, _editor, default)).Ok.ShouldBeTrue();
        (await OfferedAsync()).ShouldBe([agent.Id]);
        (await _store.SetOfferedAsync(agent.Id, false, Admin, default)).Value!.Offered.ShouldBeFalse();
        (await OfferedAsync()).ShouldBeEmpty();

        async Task<IEnumerable<Guid>> OfferedAsync() =>
            (await _store.ListAsync(new AgentQuery { Offered = true, Text = _mark, Limit = 100 }, _viewer, default)).Items.Select(found => found.Id);
    }

    [Fact]
    public async Task Create_SoundDefinition_ReadsBackByIdSlugAndVersion()
    {
        var definition = Named("Größe") with
        {
            Description = "What it does",
            Type = AgentType.Research,
            Instructions = "Line one\nline \"two\" — 数 🦉",
            Model = "openai/gpt-4o-mini",
            Temperature = 0.25,
            Tools = ["calculator"],
            Skills = [new Skill("Tone", "Be brief.")],
            Limits = new RunLimits(1000, 0.5m, 7, 60),
            Suggestions = ["Ask this"],
        };

        var created = await CreatedAsync(definition, AgentStatus.Draft);

        created.Version.ShouldBe(1);
        created.Status.ShouldBe(AgentStatus.Draft);
        created.OwnerId.ShouldBe(_editor.UserId);
        created.ProjectId.ShouldBe(Project.DefaultId);
        created.CreatedAt.ShouldBe(_time.GetUtcNow());
        created.Slug.ShouldBe($"grosse-{_mark}");
        DefinitionJson.Write(created.Definition).ShouldBe(DefinitionJson.Write(definition));
        (await _store.FindAsync(created.Id.ToString(), _editor, default)).ShouldBeEquivalentTo(created);
        (await _store.FindAsync(created.Slug.ToUpperInvariant(), _editor, default)).ShouldBeEquivalentTo(created);
        (await _store.FindVersionAsync(created.Id, 1, default)).ShouldBeEquivalentTo(created);
    }

    [Fact]
    public async Task Create_SeveralFaults_NamesAllAndKeepsNothing()
    {
        var outcome = await _store.CreateAsync(
            Named("A") with { Tools = ["oracle"], Temperature = 9 }, (AgentStatus)9, _editor, default);

        outcome.Errors.Select(error => error.Field).ShouldBe(["temperature", "tools", "status"]);
        (await ListAsync(Admin)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Create_ByViewer_IsForbidden() =>
        (await _store.CreateAsync(Named("A"), AgentStatus.Active, _viewer, default)).Error!.Code.ShouldBe("forbidden");

    [Fact]
    public async Task Create_NameInOtherCase_IsTaken()
    {
        await CreatedAsync(Named("Straße É"));

        var second = await _store.CreateAsync(Named("  STRAßE E\u0301"), AgentStatus.Active, _other, default);

        second.Error!.Code.ShouldBe("name_taken");
        second.Error.Field.ShouldBe("name");
    }

    [Fact]
    public async Task Create_SameNameAtOnce_OneWinsTheRestReadNameTaken()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _store.CreateAsync(Named("Race"), AgentStatus.Active, _editor, default)));

        outcomes.Count(outcome => outcome.Ok).ShouldBe(1);
        outcomes.Where(outcome => !outcome.Ok).ShouldAllBe(outcome => outcome.Error!.Code == "name_taken");
    }

    [Fact]
    public async Task Create_NamesWithOneSlugAtOnce_AreNumberedWithoutGaps()
    {
        var names = new[] { "a-b", "a b", "a.b", "a+b", "a_b", "a/b" };

        var outcomes = await Task.WhenAll(names.Select(name => _store.CreateAsync(Named(name), AgentStatus.Active, _editor, default)));

        outcomes.Select(outcome => outcome.Value!.Slug).Order(StringComparer.Ordinal)
            .ShouldBe([$"a-b-{_mark}", .. Enumerable.Range(2, 5).Select(n => $"a-b-{_mark}-{n}")]);
    }

    [Fact]
    public async Task Update_OtherContent_MakesAVersionAndKeepsTheOldOne()
    {
        var created = await CreatedAsync(Named("First"));
        _time.Advance(TimeSpan.FromMinutes(1));

        var outcome = await _store.UpdateAsync(created.Id, 1, Named("Second") with { Type = AgentType.Task }, _editor, default);

        var updated = outcome.Value.ShouldNotBeNull();
        updated.Version.ShouldBe(2);
        updated.Name.ShouldBe($"Second {_mark}");
        updated.Slug.ShouldBe(created.Slug);
        updated.UpdatedAt.ShouldBe(_time.GetUtcNow());
        updated.CreatedAt.ShouldBe(created.CreatedAt);
        (await _store.FindAsync(created.Slug, _editor, default)).ShouldBeEquivalentTo(updated);
        (await _store.FindVersionAsync(created.Id, 1, default))!.Name.ShouldBe($"First {_mark}");
        (await _store.FindVersionAsync(created.Id, 3, default)).ShouldBeNull();
        var versions = await _store.VersionsAsync(created.Id, _other, default);
        versions.Select(version => (version.Version, version.SavedBy)).ShouldBe([(2, _editor.UserId), (1, _editor.UserId)]);
        versions[0].Definition.ShouldBeEquivalentTo(updated.Definition);
    }

    [Fact]
    public async Task Update_SameContent_MakesNoVersion()
    {
        var created = await CreatedAsync(Named("Same") with { Limits = new RunLimits(Cost: 1.50m) });

        var outcome = await _store.UpdateAsync(
            created.Id, 1, new AgentDefinition { Name = $" Same {_mark} ", Limits = new RunLimits(Cost: 1.50m), Suggestions = [" "] }, _editor, default);

        outcome.Value.ShouldBeEquivalentTo(created);
        (await _store.VersionsAsync(created.Id, _editor, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Update_FromAnOlderVersion_IsAConflictAndOverwritesNothing()
    {
        var created = await CreatedAsync(Named("Mine"));
        await _store.UpdateAsync(created.Id, 1, Named("Theirs"), Admin, default);

        var late = await _store.UpdateAsync(created.Id, 1, Named("Late"), _editor, default);

        late.Error!.Code.ShouldBe("version_conflict");
        (await _store.FindAsync(created.Slug, _editor, default))!.Name.ShouldBe($"Theirs {_mark}");
    }

    [Fact]
    public async Task Update_OneVersionManyTimesAtOnce_OneWinsTheRestConflict()
    {
        var created = await CreatedAsync(Named("Contended"));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(n => _store.UpdateAsync(created.Id, 1, Named($"Contended {n}"), _editor, default)));

        var winner = outcomes.Where(outcome => outcome.Ok).ShouldHaveSingleItem().Value!;
        outcomes.Where(outcome => !outcome.Ok).ShouldAllBe(outcome => outcome.Error!.Code == "version_conflict");
        (await _store.FindAsync(created.Slug, _editor, default)).ShouldBeEquivalentTo(winner);
    }

    [Fact]
    public async Task Update_ToAnotherAgentsName_IsTakenButItsOwnInOtherCaseIsNot()
    {
        await CreatedAsync(Named("Taken"));
        var mine = await CreatedAsync(Named("Mine"));

        (await _store.UpdateAsync(mine.Id, 1, Named("TAKEN"), _editor, default)).Error!.Code.ShouldBe("name_taken");
        (await _store.UpdateAsync(mine.Id, 1, Named("MINE"), _editor, default)).Value!.Version.ShouldBe(2);
    }

    [Fact]
    public async Task Change_ByOthers_IsForbiddenOrNotFoundAsFarAsTheySee()
    {
        var active = await CreatedAsync(Named("Active"));
        var draft = await CreatedAsync(Named("Draft"), AgentStatus.Draft);

        (await _store.UpdateAsync(active.Id, 1, Named("X"), _other, default)).Error!.Code.ShouldBe("forbidden");
        (await _store.SetStatusAsync(active.Id, AgentStatus.Disabled, _viewer, default)).Error!.Code.ShouldBe("forbidden");
        (await _store.SetStatusAsync(active.Id, AgentStatus.Disabled, _editor with { Role = ActorRole.Viewer }, default)).Error!.Code.ShouldBe("forbidden");
        (await _store.UpdateAsync(draft.Id, 1, Named("X"), _other, default)).Error!.Code.ShouldBe("not_found");
        (await _store.DeleteAsync(draft.Id, _other, default)).Error!.Code.ShouldBe("not_found");
        (await _store.DeleteAsync(active.Id, _editor, default)).Error!.Code.ShouldBe("forbidden");
        (await _store.UpdateAsync(Guid.NewGuid(), 1, Named("X"), Admin, default)).Error!.Code.ShouldBe("not_found");
        (await _store.UpdateAsync(draft.Id, 1, Named("X"), Admin, default)).Ok.ShouldBeTrue();
    }

    [Fact]
    public async Task Draft_ReadByOthers_IsNotThere()
    {
        var draft = await CreatedAsync(Named("Draft"), AgentStatus.Draft);

        (await _store.FindAsync(draft.Slug, _other, default)).ShouldBeNull();
        (await _store.FindAsync(draft.Id.ToString(), _viewer, default)).ShouldBeNull();
        (await _store.VersionsAsync(draft.Id, _other, default)).ShouldBeEmpty();
        (await ListAsync(_other)).ShouldBeEmpty();
        (await _store.ListAsync(Query() with { Status = AgentStatus.Draft }, _other, default)).Items.ShouldBeEmpty();
        (await _store.FindAsync(draft.Slug, _editor, default)).ShouldNotBeNull();
        (await _store.FindAsync(draft.Slug, Admin, default)).ShouldNotBeNull();
        (await _store.FindVersionAsync(draft.Id, 1, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task SetStatus_Change_MakesNoVersion()
    {
        var created = await CreatedAsync(Named("A"));
        _time.Advance(TimeSpan.FromSeconds(5));

        var disabled = (await _store.SetStatusAsync(created.Id, AgentStatus.Disabled, _editor, default)).Value!;

        disabled.Status.ShouldBe(AgentStatus.Disabled);
        disabled.Version.ShouldBe(1);
        disabled.UpdatedAt.ShouldBe(_time.GetUtcNow());
        (await _store.FindVersionAsync(created.Id, 1, default))!.Status.ShouldBe(AgentStatus.Disabled);
        (await _store.SetStatusAsync(created.Id, (AgentStatus)9, _editor, default)).Error!.Field.ShouldBe("status");
    }

    [Fact]
    public async Task Delete_ByAdministrator_KeepsVersionsAndFreesTheNameButNotTheSlug()
    {
        var created = await CreatedAsync(Named("Gone"));

        (await _store.DeleteAsync(created.Id, Admin, default)).Ok.ShouldBeTrue();

        (await _store.FindAsync(created.Id.ToString(), Admin, default)).ShouldBeNull();
        (await _store.FindAsync(created.Slug, Admin, default)).ShouldBeNull();
        (await _store.ListAsync(Query() with { Status = AgentStatus.Archived }, Admin, default)).Items.ShouldBeEmpty();
        (await _store.DeleteAsync(created.Id, Admin, default)).Error!.Code.ShouldBe("not_found");
        var kept = (await _store.FindVersionAsync(created.Id, 1, default)).ShouldNotBeNull();
        kept.Name.ShouldBe(created.Name);
        kept.Status.ShouldBe(AgentStatus.Archived);
        var next = await CreatedAsync(Named("Gone"));
        next.Slug.ShouldBe($"{created.Slug}-2");
        (await _store.DeleteAsync(next.Id, Admin, default)).Ok.ShouldBeTrue();
        (await CreatedAsync(Named("Gone"))).Slug.ShouldBe($"{created.Slug}-3");
    }

    [Fact]
    public async Task List_PageByPage_IsByNameWithoutCaseEachOnce()
    {
        foreach (var name in ByName)
        {
            await CreatedAsync(new AgentDefinition { Name = $"{_mark} {name}" });
        }

        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await _store.ListAsync(Query() with { Limit = 2, Cursor = cursor }, _viewer, default);
            page.Items.Count.ShouldBeLessThanOrEqualTo(2);
            names.AddRange(page.Items.Select(agent => agent.Name[(_mark.Length + 1)..]));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        names.ShouldBe(["Alpha", "beta", "delta", "Epsilon", "Gamma"]);
    }

    [Fact]
    public async Task List_ByStatusAndType_FindsThoseAndArchivedOnlyOnRequest()
    {
        var active = await CreatedAsync(Named("Active"));
        var task = await CreatedAsync(Named("Task") with { Type = AgentType.Task });
        var archived = await CreatedAsync(Named("Archived"), AgentStatus.Archived);

        (await ListAsync(_viewer)).ShouldBe([active.Id, task.Id], ignoreOrder: true);
        (await _store.ListAsync(Query() with { Type = AgentType.Task }, _viewer, default)).Items.Select(agent => agent.Id).ShouldBe([task.Id]);
        (await _store.ListAsync(Query() with { Status = AgentStatus.Archived }, _viewer, default)).Items.Select(agent => agent.Id).ShouldBe([archived.Id]);
        (await _store.ListAsync(Query() with { Status = AgentStatus.Disabled }, _viewer, default)).Items.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("100%")]
    [InlineData("under_score")]
    [InlineData("[a-z]")]
    [InlineData("back\\slash")]
    [InlineData("it's \"so\"")]
    [InlineData("ÉCOLE")]
    public async Task List_TextWithSpecialCharacters_IsPlainText(string text)
    {
        var found = await CreatedAsync(Named($"x {text.ToLowerInvariant()} y"));
        await CreatedAsync(Named("x 1000 underXscore b back/slash its so ecole y"));

        (await _store.ListAsync(new AgentQuery { Text = $" {text} Y {_mark}" }, _viewer, default)).Items.Select(agent => agent.Id).ShouldBe([found.Id]);
    }

    [Fact]
    public async Task List_TextThatNoNameHolds_FindsNothing()
    {
        await CreatedAsync(Named("ab"));

        (await _store.ListAsync(new AgentQuery { Text = "a\0b" }, Admin, default)).Items.ShouldBeEmpty();
        (await _store.ListAsync(new AgentQuery { Text = "ab \ud83d" }, Admin, default)).Items.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("x")]
    [InlineData("!!")]
    [InlineData("MQ")]
    [InlineData("MSAA")]
    public async Task List_ForeignCursor_IsAFormatFault(string cursor) =>
        await Should.ThrowAsync<FormatException>(async () => await _store.ListAsync(new AgentQuery { Cursor = cursor }, Admin, default));

    [Theory]
    [InlineData("")]
    [InlineData("no such")]
    [InlineData("a\0")]
    [InlineData("' or 1=1 --")]
    public async Task Find_NoIdAndNoSlug_IsNotThere(string text) => (await _store.FindAsync(text, Admin, default)).ShouldBeNull();

    private AgentDefinition Named(string name) => new() { Name = $"{name} {_mark}" };

    private AgentQuery Query() => new() { Text = _mark, Limit = 100 };

    private async Task<Agent> CreatedAsync(AgentDefinition definition, AgentStatus status = AgentStatus.Active) =>
        (await _store.CreateAsync(definition, status, _editor, default)).Value.ShouldNotBeNull();

    private async Task<IReadOnlyList<Guid>> ListAsync(Actor actor) => [.. (await _store.ListAsync(Query(), actor, default)).Items.Select(agent => agent.Id)];
}

public sealed class SqliteAgentStoreTests(SqliteFixture fixture) : AgentStoreSuite<SqliteFixture>(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgreSqlAgentStoreTests(PostgreSqlFixture fixture) : AgentStoreSuite<PostgreSqlFixture>(fixture), IClassFixture<PostgreSqlFixture>;

[NeedsSqlServer]
public sealed class SqlServerAgentStoreTests(SqlServerFixture fixture) : AgentStoreSuite<SqlServerFixture>(fixture), IClassFixture<SqlServerFixture>;

using System.Text.Json;
using AgentLab.Core.Identity;
using AgentLab.Core.Workflows.Nodes.ActionBlocks;
using AgentLab.Tests.Data.Databases;

namespace AgentLab.Tests.Data.Workflows;

public abstract class ActionBlockSuite<TFixture>(TFixture fixture) : IDisposable
    where TFixture : DatabaseFixture
{
    private readonly WorkflowHost _host = new(fixture);

    private IActionBlocks Blocks => _host.Get<IActionBlocks>();

    public void Dispose()
    {
        _host.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Save_SoundBlock_ReadsBackWithoutBlanksAtItsEnds()
    {
        var block = Block("  Größe  ") with { Description = " Asks — 数 🦉 ", Keywords = ["parcel", " Parcel ", "carrier"] };

        (await Blocks.SaveAsync(block, _host.Editor, default)).Errors.ShouldBeEmpty();

        var found = (await Blocks.FindAsync(block.Id, _host.Viewer, default)).ShouldNotBeNull();
        found.Name.ShouldBe($"Größe   {_host.Mark}");
        found.Description.ShouldBe("Asks — 数 🦉");
        found.Keywords.ShouldBe(["parcel", "carrier"]);
        found.Kind.ShouldBe("set");
        found.Settings.GetProperty("text").GetString().ShouldBe("{{data.id}}");
        (await Blocks.ListAsync(_host.Viewer, default)).ShouldContain(kept => kept.Id == block.Id);
    }

    [Fact]
    public async Task Save_WrongBlock_NamesEachFieldAndKeepsNothing()
    {
        var block = Block("Bad") with { Description = "two\nlines", Settings = JsonElement.Parse("""{"times": 99}"""), Keywords = ["a\nb"] };

        var outcome = await Blocks.SaveAsync(block, _host.Editor, default);

        outcome.Errors.Select(error => error.Field).ShouldBe(["description", "keywords", "settings/times"]);
        (await Blocks.FindAsync(block.Id, _host.Editor, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Save_NameInOtherCase_IsTakenForAll()
    {
        var block = await SavedAsync("Ask the carrier");

        (await Blocks.SaveAsync(Block("ASK the carrier"), _host.Other, default)).Error!.Code.ShouldBe("name_taken");
        (await Blocks.SaveAsync(block with { Name = block.Name.ToUpperInvariant() }, _host.Editor, default)).Ok.ShouldBeTrue();
    }

    [Fact]
    public async Task Save_SameNameAtOnce_OneWinsTheRestReadNameTaken()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Blocks.SaveAsync(Block("Race"), _host.Editor, default)));

        outcomes.Count(outcome => outcome.Ok).ShouldBe(1);
        outcomes.Where(outcome => !outcome.Ok).ShouldAllBe(outcome => outcome.Error!.Code == "name_taken");
    }

    [Fact]
    public async Task Change_ByWhom_IsItsOwnersAndAdministrators()
    {
        var block = await SavedAsync("Owned");

        (await Blocks.SaveAsync(Block("Theirs"), _host.Viewer, default)).Error!.Code.ShouldBe("forbidden");
        (await Blocks.SaveAsync(block with { Description = "x" }, _host.Other, default)).Error!.Code.ShouldBe("forbidden");
        (await Blocks.DeleteAsync(block.Id, _host.Other, default)).Error!.Code.ShouldBe("forbidden");
        (await Blocks.SaveAsync(block with { Description = "By its owner" }, _host.Editor, default)).Ok.ShouldBeTrue();
        (await Blocks.SaveAsync(block with { Description = "By an administrator" }, WorkflowHost.Admin, default)).Ok.ShouldBeTrue();
        (await Blocks.DeleteAsync(block.Id, _host.Editor with { Role = ActorRole.Viewer }, default)).Error!.Code.ShouldBe("forbidden");
        (await Blocks.FindAsync(block.Id, _host.Editor, default))!.Description.ShouldBe("By an administrator");
    }

    [Fact]
    public async Task Delete_Block_FreesItsName()
    {
        var block = await SavedAsync("Gone");

        (await Blocks.DeleteAsync(block.Id, _host.Editor, default)).Value!.Name.ShouldBe(block.Name);

        (await Blocks.DeleteAsync(block.Id, _host.Editor, default)).Error!.Code.ShouldBe("not_found");
        (await Blocks.FindAsync(block.Id, _host.Editor, default)).ShouldBeNull();
        await SavedAsync("Gone");
    }

    [Fact]
    public async Task Page_ByCursor_GivesEachOnceByName()
    {
        foreach (var name in (string[])["delta", "Alpha", "charlie", "Bravo", "echo"])
        {
            await SavedAsync(name);
        }

        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await Blocks.PageAsync(_host.Mark, cursor, 2, _host.Viewer, default);
            names.AddRange(page.Items.Select(block => block.Name.Split(' ')[0]));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        names.ShouldBe(["Alpha", "Bravo", "charlie", "delta", "echo"]);
        await Should.ThrowAsync<FormatException>(async () => await Blocks.PageAsync(null, "none of ours", 2, _host.Viewer, default));
        (await Blocks.PageAsync("a\0b", null, 2, _host.Viewer, default)).Items.ShouldBeEmpty();
    }

    private ActionBlock Block(string name) =>
        new(Guid.CreateVersion7(), $"{name} {_host.Mark}", "Asks the carrier where a parcel is.", "set", JsonElement.Parse("""{"text": "{{data.id}}"}"""), ["parcel"]);

    private async Task<ActionBlock> SavedAsync(string name)
    {
        var outcome = await Blocks.SaveAsync(Block(name), _host.Editor, default);
        outcome.Errors.ShouldBeEmpty();
        return outcome.Value!;
    }
}

public sealed class SqliteActionBlockTests(SqliteFixture fixture) : ActionBlockSuite<SqliteFixture>(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgreSqlActionBlockTests(PostgreSqlFixture fixture) : ActionBlockSuite<PostgreSqlFixture>(fixture), IClassFixture<PostgreSqlFixture>;

[NeedsSqlServer]
public sealed class SqlServerActionBlockTests(SqlServerFixture fixture) : ActionBlockSuite<SqlServerFixture>(fixture), IClassFixture<SqlServerFixture>;

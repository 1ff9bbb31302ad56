using System.Text;
using AgentLab.Core;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;
using AgentLab.Data.Attachments;
using AgentLab.Data.Blobs;
using AgentLab.Tests.Data.Databases;
using AgentLab.Tests.Data.Sessions;
using AgentLab.Tests.Fakes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentLab.Tests.Data.Attachments;

public abstract class AttachmentSuite<TFixture> : IDisposable
    where TFixture : DatabaseFixture
{
    private const int Most = 1_000;
    private readonly TFixture _fixture;
    private readonly SteppedTime _time = new();
    private readonly AttachmentStore _store;
    private readonly AttachmentSweep _sweep;
    private readonly Actor _owner = new(Guid.NewGuid(), ActorRole.Editor);

    // Each test has content of its own: the suite shares one database.
    private readonly string _mark = Guid.NewGuid().ToString("N");

    protected AttachmentSuite(TFixture fixture)
    {
        _fixture = fixture;
        // From the present on: the host's own sweep leaves what looks young to it alone.
        _time.Advance(TimeProvider.System.GetUtcNow() - _time.GetUtcNow());
        _store = new AttachmentStore(fixture.Database, new BlobStore(fixture.Connections, _time), Options.Create(new AttachmentOptions { AttachmentBytes = Most }), _time);
        _sweep = new AttachmentSweep(fixture.Database, _time, NullLogger<AttachmentSweep>.Instance);
    }

    public void Dispose()
    {
        _sweep.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Save_TextFile_ResolvesForItsOwnerAlone()
    {
        var saved = await SavedAsync("dir/orders.csv", $"a,b\n{_mark},1");

        saved.File.ShouldBe(new AttachmentReference("orders.csv", "text/csv", 38, Blob.Of(Encoding.UTF8.GetBytes($"a,b\n{_mark},1"), "text/csv").Hash));
        (await _store.ResolveAsync([saved.Id], _owner, default)).ShouldBe([saved.File]);
        (await _store.ResolveAsync([saved.Id], new Actor(Guid.NewGuid(), ActorRole.Admin), default)).ShouldBeNull();
    }

    [Fact]
    public async Task Resolve_Several_KeepsTheOrderOrFindsNone()
    {
        var one = await SavedAsync("1.txt", $"{_mark} one");
        var two = await SavedAsync("2.txt", $"{_mark} two");

        (await _store.ResolveAsync([two.Id, one.Id], _owner, default)).ShouldBe([two.File, one.File]);
        (await _store.ResolveAsync([two.Id, Guid.NewGuid()], _owner, default)).ShouldBeNull();
        (await _store.ResolveAsync([], _owner, default)).ShouldBe([]);
    }

    [Fact]
    public async Task Save_AtTheBound_IsKeptAndOneByteMoreIsRefused()
    {
        (await SaveAsync("a.txt", new string('x', Most))).Ok.ShouldBeTrue();

        var refused = await SaveAsync("a.txt", new string('x', Most + 1));

        refused.Error!.Code.ShouldBe("invalid");
        refused.Error.Field.ShouldBe("file");
        refused.Error.Message.ShouldContain("1,000 bytes");
    }

    [Theory]
    [InlineData("", "text", "name")]
    [InlineData("a.png", "text", "file")]
    [InlineData("a.csv", "", "file")]
    [InlineData("a.csv", "nul\0", "file")]
    public async Task Save_NotAllowed_IsRefusedByField(string name, string text, string field) =>
        (await SaveAsync(name, text)).Error!.Field.ShouldBe(field);

    [Fact]
    public async Task Save_ByViewer_IsForbidden() =>
        (await _store.SaveAsync("a.txt", "text/plain", Content("x"), _owner with { Role = ActorRole.Viewer }, default)).Error!.Code.ShouldBe("forbidden");

    [Fact]
    public async Task Save_SameContentAtOnce_KeepsItOnceForAll()
    {
        var saved = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => SavedAsync($"{n}.txt", _mark)));

        (await _store.ResolveAsync([.. saved.Select(one => one.Id)], _owner, default))!.Select(file => file.Blob).Distinct().ShouldHaveSingleItem();
        (await BlobsAsync(saved[0].File.Blob)).ShouldBe(1);
    }

    [Fact]
    public async Task Resolve_AfterADay_FindsNone()
    {
        var saved = await SavedAsync("a.txt", _mark);

        _time.Advance(TimeSpan.FromHours(24));
        (await _store.ResolveAsync([saved.Id], _owner, default)).ShouldNotBeNull();
        _time.Advance(TimeSpan.FromSeconds(1));
        (await _store.ResolveAsync([saved.Id], _owner, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Sweep_OldUpload_TakesItsContentUnlessItIsInUse()
    {
        await using var log = await LogHost.StartAsync(_fixture);
        var unsent = await SavedAsync("unsent.txt", $"{_mark} unsent");
        var sent = await SavedAsync("sent.txt", $"{_mark} sent");
        var again = await SavedAsync("again.txt", $"{_mark} again");
        await SendAsync(log, await log.CreateAsync(), null, (sent.File, $"{_mark} sent"));
        _time.Advance(TimeSpan.FromHours(25) + TimeSpan.FromSeconds(1));
        var young = await SavedAsync("young.txt", $"{_mark} again");

        (await _sweep.SweepAsync(default)).ShouldBeGreaterThanOrEqualTo(3);

        (await BlobsAsync(unsent.File.Blob)).ShouldBe(0);
        (await BlobsAsync(sent.File.Blob)).ShouldBe(1);
        (await BlobsAsync(again.File.Blob)).ShouldBe(1);
        (await _store.ResolveAsync([young.Id], _owner, default)).ShouldNotBeNull();
        (await _sweep.SweepAsync(default)).ShouldBe(0);
    }

    [Fact]
    public async Task Read_FilesOfMessages_AreThatSessionsAlone()
    {
        await using var log = await LogHost.StartAsync(_fixture);
        var (mine, other) = (await log.CreateAsync(), await log.CreateAsync());
        await SendAsync(log, mine, null, (File("a.csv", "1"), "1"), (File("b.txt", "2"), "2"));
        await SendAsync(log, mine, null, (File("a.csv", "3"), "3"), (File("b.txt", "2"), "2"));
        await SendAsync(log, other, null, (File("c.csv", "4"), "4"));
        var files = new SessionAttachments(log.Reader).Open(mine);

        (await files.ListAsync(default)).Select(file => file.Name).ShouldBe(["a.csv", "b.txt", "a (2).csv"]);
        (await TextAsync(files, "a.csv")).ShouldBe("1");
        (await TextAsync(files, "a (2).csv")).ShouldBe("3");
        (await files.OpenAsync("c.csv", default)).ShouldBeNull();
        (await files.OpenAsync("A.csv", default)).ShouldBeNull();
    }

    [Fact]
    public async Task Read_MessageThatWasReplaced_TakesItsFilesWithIt()
    {
        await using var log = await LogHost.StartAsync(_fixture);
        var id = await log.CreateAsync();
        await SendAsync(log, id, null, (File("kept.csv", "1"), "1"));
        var replaced = await SendAsync(log, id, null, (File("gone.csv", "2"), "2"));
        await SendAsync(log, id, replaced, (File("new.csv", "3"), "3"));

        (await new SessionAttachments(log.Reader).Open(id).ListAsync(default)).Select(file => file.Name).ShouldBe(["kept.csv", "new.csv"]);
    }

    private static AttachmentReference File(string name, string text) =>
        new(name, "text/csv", text.Length, Blob.Of(Encoding.UTF8.GetBytes(text), "text/csv").Hash);

    private static async Task<long> SendAsync(LogHost log, SessionId id, long? replaces, params (AttachmentReference File, string Text)[] files)
    {
        var outcome = await log.AppendAsync(new SessionAppend(id, [new NewEvent(new MessageUser("Look", [.. files.Select(file => file.File)], replaces))])
        {
            Blobs = [.. files.Select(file => Blob.Of(Encoding.UTF8.GetBytes(file.Text), file.File.ContentType))],
        });
        return outcome.Receipt!.Last;
    }

    private static async Task<string> TextAsync(IAttachmentReader files, string name)
    {
        using var reader = new StreamReader((await files.OpenAsync(name, default))!);
        return await reader.ReadToEndAsync();
    }

    private static MemoryStream Content(string text) => new(Encoding.UTF8.GetBytes(text));

    private Task<Outcome<AgentLab.Core.Sessions.Attachment>> SaveAsync(string name, string text) => _store.SaveAsync(name, "text/plain", Content(text), _owner, default);

    private async Task<AgentLab.Core.Sessions.Attachment> SavedAsync(string name, string text) => (await SaveAsync(name, text)).Value.ShouldNotBeNull();

    private Task<int> BlobsAsync(string hash) =>
        _fixture.Database.ReadAsync((context, token) => context.Set<BlobRow>().CountAsync(blob => blob.Sha256 == hash, token), default);
}

public sealed class SqliteAttachmentTests(SqliteFixture fixture) : AttachmentSuite<SqliteFixture>(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgreSqlAttachmentTests(PostgreSqlFixture fixture) : AttachmentSuite<PostgreSqlFixture>(fixture), IClassFixture<PostgreSqlFixture>;

[NeedsSqlServer]
public sealed class SqlServerAttachmentTests(SqlServerFixture fixture) : AttachmentSuite<SqlServerFixture>(fixture), IClassFixture<SqlServerFixture>;

using System.Text;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Tests.Data.Databases;
using AgentLab.Tests.Data.Sessions;
using AgentLab.Web.Features.Lab.View;

namespace AgentLab.Tests.Web.Lab;

public sealed class OpenSessionTests(SqliteFixture fixture) : IClassFixture<SqliteFixture>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reads_ViewerWithoutTheRight_GiveNothing(bool hadIt)
    {
        var log = await LogHost.StartAsync(fixture);
        var id = await log.CreateAsync();
        var blob = Blob.Of(Encoding.UTF8.GetBytes("secret"), "text/plain");
        var made = new ArtifactCreated(Guid.NewGuid(), "table", "text", "text/plain", new TextContent("secret", blob.Hash, 6));
        await log.AppendAsync(new SessionAppend(id, [LogHost.Message("secret"), new NewEvent(made)]) { Blobs = [blob] });
        var viewer = new TestViewer { Allowed = hadIt };
        await using var open = new OpenSession(id, log.Feed, log.Reader, viewer, TimeProvider.System, work => work(), _ => Task.CompletedTask);
        (await open.EventsAsync(0, 10, default)).Count.ShouldBe(hadIt ? 3 : 0);

        viewer.Allowed = false;

        (await open.EventsAsync(0, 10, default)).ShouldBeEmpty();
        (await open.EventAsync(1, default)).ShouldBeNull();
        (await open.ArtifactsAsync(default)).ShouldBeEmpty();
        (await open.TextAsync(blob.Hash, default)).ShouldBeNull();
    }

    [Fact]
    public async Task ShowOlder_OfALongSession_ShowsABoundedPartAndFindsBack()
    {
        const int Messages = 420;
        var log = await LogHost.StartAsync(fixture);
        var id = await log.CreateAsync();
        for (var sent = 0; sent < Messages; sent += 70)
        {
            await log.AppendAsync(id, [.. Enumerable.Range(sent, 70).Select(number => LogHost.Message($"message {number}"))]);
        }

        await using var open = new OpenSession(id, log.Feed, log.Reader, new TestViewer(), TimeProvider.System, work => work(), _ => Task.CompletedTask);
        var live = new TaskCompletionSource();
        open.Changed += () => live.TrySetResult();
        open.Start();
        await live.Task;
        Last(open).ShouldBe($"message {Messages - 1}");

        var seen = new HashSet<string>(Texts(open));
        while (open.HasOlder)
        {
            var edge = Texts(open)[0];
            await open.ShowOlderAsync(default);
            open.Shown.Count.ShouldBeLessThanOrEqualTo(TurnWindow.Most);
            Texts(open).ShouldContain(edge);
            seen.UnionWith(Texts(open));
        }

        seen.Count.ShouldBe(Messages);
        Texts(open)[0].ShouldBe("message 0");
        open.HasLater.ShouldBeTrue();
        while (open.HasLater)
        {
            var edge = Last(open);
            open.ShowLater();
            open.Shown.Count.ShouldBeLessThanOrEqualTo(TurnWindow.Most);
            Texts(open).ShouldContain(edge);
        }

        Last(open).ShouldBe($"message {Messages - 1}");
        open.ShowNewest();
        open.Shown.Count.ShouldBe(OpenSession.MaxTurns);
        open.HasOlder.ShouldBeTrue();
    }

    private static List<string> Texts(OpenSession open) => [.. open.Shown.OfType<MessageTurn>().Select(turn => turn.Text)];

    private static string Last(OpenSession open) => Texts(open)[^1];
}

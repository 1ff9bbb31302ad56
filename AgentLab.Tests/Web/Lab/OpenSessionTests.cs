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
}

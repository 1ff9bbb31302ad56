using System.Text.Json;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Api.Streams;

public sealed class HubStreamTests(StreamApp fixture) : IClassFixture<StreamApp>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Stream_OfSession_OpensThenDeliversEveryEventInOrder()
    {
        var session = await fixture.Scene.StartAsync();
        await fixture.Scene.AppendAsync(session, 9);
        await using var hub = await HubClient.ConnectAsync(fixture.App);
        using var end = new CancellationTokenSource(Patience);

        var appending = fixture.Scene.AppendAsync(session, 40);
        var frames = await CollectAsync(hub, session, 0, null, 50, end.Token);
        await appending;

        frames[0].GetProperty("kind").GetString().ShouldBe("open");
        frames[0].GetProperty("resync").GetBoolean().ShouldBeFalse();
        frames[0].GetProperty("head").GetInt64().ShouldBeGreaterThanOrEqualTo(10);
        frames[0].GetProperty("status").GetString().ShouldBe("idle");
        frames[0].GetProperty("epoch").GetString().ShouldNotBeNullOrEmpty();
        Sequences(frames).ShouldBe(Enumerable.Range(1, 50).Select(i => (long)i));
    }

    [Fact]
    public async Task Stream_ManyEvents_ComeTogetherInFrames()
    {
        var session = await fixture.Scene.StartAsync();
        await fixture.Scene.AppendTogetherAsync(session, 500);
        await using var hub = await HubClient.ConnectAsync(fixture.App);
        using var end = new CancellationTokenSource(Patience);

        var frames = await CollectAsync(hub, session, 0, null, 501, end.Token);

        Sequences(frames).Count.ShouldBe(501);
        frames.Count(f => f.GetProperty("kind").GetString() == "events").ShouldBeLessThan(20);
    }

    [Fact]
    public async Task Stream_AfterPosition_DeliversTheRestOnly()
    {
        var session = await fixture.Scene.StartAsync();
        await fixture.Scene.AppendAsync(session, 9);
        await using var hub = await HubClient.ConnectAsync(fixture.App);
        using var end = new CancellationTokenSource(Patience);
        var epoch = (await CollectAsync(hub, session, 0, null, 1, end.Token))[0].GetProperty("epoch").GetString();

        var frames = await CollectAsync(hub, session, 7, epoch, 3, end.Token);

        Sequences(frames).ShouldBe([8, 9, 10]);
    }

    [Theory]
    [InlineData(3, "another-epoch")]
    [InlineData(1000, null)]
    public async Task Stream_PositionThatDoesNotExist_ResyncsFromTheStart(long after, string? epoch)
    {
        var session = await fixture.Scene.StartAsync();
        await fixture.Scene.AppendAsync(session, 4);
        await using var hub = await HubClient.ConnectAsync(fixture.App);
        using var end = new CancellationTokenSource(Patience);

        var frames = await CollectAsync(hub, session, after, epoch, 5, end.Token);

        frames[0].GetProperty("resync").GetBoolean().ShouldBeTrue();
        Sequences(frames).ShouldBe([1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task Stream_WithoutNews_SendsHeartbeatsWithTheHead()
    {
        var session = await fixture.Scene.StartAsync();
        await using var hub = await HubClient.ConnectAsync(fixture.App);
        using var end = new CancellationTokenSource(Patience);
        var beats = 0;

        await foreach (var frame in hub.FramesAsync(session.Value, 0, null, end.Token))
        {
            if (frame.GetProperty("kind").GetString() == "heartbeat")
            {
                frame.GetProperty("head").GetInt64().ShouldBe(1);
                if (++beats == 3)
                {
                    break;
                }
            }
        }

        beats.ShouldBe(3);
    }

    [Fact]
    public async Task Stream_TwoViewers_GetTheSameBytes()
    {
        var session = await fixture.Scene.StartAsync();
        await fixture.Scene.AppendAsync(session, 20, i => $"Grüße <{i}> \"quoted\" \\ \u2028 \U0001F9EA");
        await using var hub = await HubClient.ConnectAsync(fixture.App);
        using var client = await fixture.App.SignInAsync();
        using var end = new CancellationTokenSource(Patience);

        var overHub = (await CollectAsync(hub, session, 0, null, 21, end.Token))
            .Where(f => f.GetProperty("kind").GetString() == "events").SelectMany(f => f.GetProperty("events").EnumerateArray()).Select(e => e.GetRawText()).ToList();
        var overSse = new List<string>();
        await foreach (var e in EventStreamClient.ReadAsync(client, EventStreamClient.Request(session.Value), end.Token))
        {
            if (e.Id is not null)
            {
                overSse.Add(e.Data);
                if (overSse.Count == 21)
                {
                    break;
                }
            }
        }

        overHub.ShouldBe(overSse);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890")]
    public async Task Stream_WithMalformedId_IsRefused(string id)
    {
        await using var hub = await HubClient.ConnectAsync(fixture.App);

        var refusal = await RefusalAsync(hub, id, 0);

        refusal.ShouldContain("invalid_session_id: ");
    }

    [Fact]
    public async Task Stream_BeforeTheStart_IsRefused()
    {
        var session = await fixture.Scene.StartAsync();
        await using var hub = await HubClient.ConnectAsync(fixture.App);

        (await RefusalAsync(hub, session.Value, -1)).ShouldContain("invalid_position: ");
    }

    [Fact]
    public async Task Stream_OfAnothersSession_ReadsAsNotFound()
    {
        var session = await fixture.Scene.StartAsync();
        await using var hub = await HubClient.ConnectAsync(fixture.App, LabApp.Other);

        var theirs = await RefusalAsync(hub, session.Value, 0);
        var missing = await RefusalAsync(hub, SessionId.New().Value, 0);

        theirs.ShouldContain("not_found: ");
        theirs.ShouldBe(missing);
    }

    [Fact]
    public async Task Stream_OfAnyone_IsSeenByAdministrators()
    {
        var session = await fixture.Scene.StartAsync(LabApp.Other);
        await using var hub = await HubClient.ConnectAsync(fixture.App);
        using var end = new CancellationTokenSource(Patience);

        Sequences(await CollectAsync(hub, session, 0, null, 1, end.Token)).ShouldBe([1]);
    }

    [Fact]
    public async Task Connect_WithoutSignIn_IsRefused()
    {
        await using var hub = HubClient.Create(new Uri(fixture.App.BaseAddress, "/hubs/sessions"));

        await Should.ThrowAsync<Exception>(() => hub.StartAsync());
    }

    [Fact]
    public async Task Stream_BeyondTheLimitOfAPerson_IsRefusedUntilOneEnds()
    {
        var session = await fixture.Scene.StartAsync(LabApp.Editor);
        await using var hub = await HubClient.ConnectAsync(fixture.App, LabApp.Editor);
        using var end = new CancellationTokenSource(Patience);
        using var first = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
        for (var i = 0; i < 20; i++)
        {
            var stream = hub.FramesAsync(session.Value, 0, null, i == 0 ? first.Token : end.Token).GetAsyncEnumerator(CancellationToken.None);
            (await stream.MoveNextAsync()).ShouldBeTrue();
        }

        (await RefusalAsync(hub, session.Value, 0)).ShouldContain("too_many_streams: ");
        // A client ends a stream by its token: one that only stops reading tells the server nothing.
        await first.CancelAsync();

        await Eventually.TrueAsync(async () => await RefusalAsync(hub, session.Value, 0) is "");
        await end.CancelAsync();
    }

    [Fact]
    public async Task Stream_AfterSignOut_EndsAndOpensNoMore()
    {
        var session = await fixture.Scene.StartAsync(LabApp.Viewer);
        await using var hub = await HubClient.ConnectAsync(fixture.App, LabApp.Viewer);
        var userId = await fixture.App.UserIdAsync(LabApp.Viewer);

        await fixture.App.Services.GetRequiredService<ISignInSessions>().RevokeAllAsync(userId, null, CancellationToken.None);

        (await RefusalAsync(hub, session.Value, 0)).ShouldContain("not_signed_in: ");
    }

    [Fact]
    public async Task Ping_Answers()
    {
        await using var hub = await HubClient.ConnectAsync(fixture.App);

        var pong = await hub.InvokeAsync<JsonElement>("Ping");

        pong.GetProperty("at").GetDateTimeOffset().Year.ShouldBeGreaterThan(2000);
    }

    private static async Task<List<JsonElement>> CollectAsync(
        HubConnection hub, SessionId session, long after, string? epoch, int events, CancellationToken cancellationToken)
    {
        var frames = new List<JsonElement>();
        await foreach (var frame in hub.FramesAsync(session.Value, after, epoch, cancellationToken))
        {
            frames.Add(frame);
            if (Sequences(frames).Count >= events)
            {
                break;
            }
        }

        return frames;
    }

    private static List<long> Sequences(IEnumerable<JsonElement> frames) =>
        [.. frames.Where(f => f.GetProperty("kind").GetString() == "events").SelectMany(f => f.GetProperty("events").EnumerateArray()).Select(e => e.GetProperty("sequence").GetInt64())];

    private static async Task<string> RefusalAsync(HubConnection hub, string session, long after)
    {
        using var end = new CancellationTokenSource(Patience);
        try
        {
            await foreach (var frame in hub.FramesAsync(session, after, null, end.Token))
            {
                return frame.GetProperty("kind").GetString() == "open" ? "" : "no opening frame";
            }

            return "ended";
        }
        catch (HubException exception)
        {
            return exception.Message;
        }
        finally
        {
            await end.CancelAsync();
        }
    }
}

using System.Globalization;
using System.Net;
using System.Text.Json;
using AgentLab.Core.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Api.Streams;

public sealed class EventStreamTests(StreamApp fixture) : IClassFixture<StreamApp>, IDisposable
{
    private readonly CancellationTokenSource _end = new(TimeSpan.FromSeconds(60));

    public void Dispose() => _end.Dispose();

    [Fact]
    public async Task Stream_OfSession_OpensThenDeliversEveryEventInOrder()
    {
        var session = await fixture.Scene.StartAsync();
        await fixture.Scene.AppendAsync(session, 4);
        using var client = await fixture.App.SignInAsync();

        var appending = fixture.Scene.AppendAsync(session, 20);
        var events = await CollectAsync(client, EventStreamClient.Request(session.Value), 25);
        await appending;

        events[0].Name.ShouldBe("open");
        events[0].Id.ShouldBeNull();
        events[0].Json.GetProperty("resync").GetBoolean().ShouldBeFalse();
        events[0].Json.GetProperty("status").GetString().ShouldBe("idle");
        Ids(events).ShouldBe(Enumerable.Range(1, 25));
        events.Where(e => e.Id is not null).ShouldAllBe(e => e.Json.GetProperty("sequence").GetRawText() == e.Id && e.Name == "message");
    }

    [Fact]
    public async Task Stream_Headers_KeepProxiesFromHoldingItBack()
    {
        var session = await fixture.Scene.StartAsync();
        using var client = await fixture.App.SignInAsync();

        using var response = await client.SendAsync(EventStreamClient.Request(session.Value), HttpCompletionOption.ResponseHeadersRead, _end.Token);

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        response.Headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        response.Content.Headers.ContentEncoding.ShouldBeEmpty();
    }

    [Fact]
    public async Task Stream_LastEventId_WinsOverAfter()
    {
        var session = await fixture.Scene.StartAsync();
        await fixture.Scene.AppendAsync(session, 9);
        using var client = await fixture.App.SignInAsync();

        var events = await CollectAsync(client, EventStreamClient.Request(session.Value, "?after=2", lastEventId: "8"), 2);

        Ids(events).ShouldBe([9, 10]);
    }

    [Theory]
    [InlineData("?after=99", null)]
    [InlineData("?after=2&epoch=other", null)]
    [InlineData("", "99")]
    public async Task Stream_PositionThatDoesNotExist_ResyncsFromTheStart(string query, string? lastEventId)
    {
        var session = await fixture.Scene.StartAsync();
        await fixture.Scene.AppendAsync(session, 2);
        using var client = await fixture.App.SignInAsync();

        var events = await CollectAsync(client, EventStreamClient.Request(session.Value, query, lastEventId), 3);

        events[0].Json.GetProperty("resync").GetBoolean().ShouldBeTrue();
        Ids(events).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Stream_WithItsEpoch_ResumesWithoutResync()
    {
        var session = await fixture.Scene.StartAsync();
        await fixture.Scene.AppendAsync(session, 2);
        using var client = await fixture.App.SignInAsync();
        var epoch = (await CollectAsync(client, EventStreamClient.Request(session.Value), 1))[0].Json.GetProperty("epoch").GetString();

        var events = await CollectAsync(client, EventStreamClient.Request(session.Value, $"?after=1&epoch={epoch}"), 2);

        events[0].Json.GetProperty("resync").GetBoolean().ShouldBeFalse();
        Ids(events).ShouldBe([2, 3]);
    }

    [Fact]
    public async Task Stream_WithoutNews_SendsHeartbeatsWithTheHead()
    {
        var session = await fixture.Scene.StartAsync();
        using var client = await fixture.App.SignInAsync();
        var beats = 0;

        await foreach (var e in EventStreamClient.ReadAsync(client, EventStreamClient.Request(session.Value), _end.Token))
        {
            if (e.Name == "heartbeat")
            {
                e.Id.ShouldBeNull();
                e.Json.GetProperty("head").GetInt64().ShouldBe(1);
                if (++beats == 3)
                {
                    break;
                }
            }
        }

        beats.ShouldBe(3);
    }

    [Theory]
    [InlineData("?after=-1", null)]
    [InlineData("?after=x", null)]
    [InlineData("", "x")]
    [InlineData("", "-1")]
    public async Task Stream_MalformedPosition_IsAProblem(string query, string? lastEventId)
    {
        var session = await fixture.Scene.StartAsync();
        using var client = await fixture.App.SignInAsync();

        using var response = await client.SendAsync(EventStreamClient.Request(session.Value, query, lastEventId), HttpCompletionOption.ResponseHeadersRead, _end.Token);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Stream_OfAnothersSession_ReadsAsNotFound()
    {
        var session = await fixture.Scene.StartAsync();
        using var client = await fixture.App.SignInAsync(LabApp.Other);

        using var theirs = await client.SendAsync(EventStreamClient.Request(session.Value), HttpCompletionOption.ResponseHeadersRead, _end.Token);
        using var missing = await client.SendAsync(EventStreamClient.Request("none"), HttpCompletionOption.ResponseHeadersRead, _end.Token);

        theirs.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Stream_BeyondTheLimitOfAPerson_Is429()
    {
        var session = await fixture.Scene.StartAsync(LabApp.Editor);
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var open = new List<HttpResponseMessage>();
        for (var i = 0; i < 20; i++)
        {
            open.Add(await client.SendAsync(EventStreamClient.Request(session.Value), HttpCompletionOption.ResponseHeadersRead, _end.Token));
            open[^1].StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using var refused = await client.SendAsync(EventStreamClient.Request(session.Value), HttpCompletionOption.ResponseHeadersRead, _end.Token);

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        JsonElement.Parse(await refused.Content.ReadAsStringAsync()).GetProperty("code").GetString().ShouldBe("too_many_streams");
        open.ForEach(r => r.Dispose());
        await Eventually.TrueAsync(async () =>
        {
            using var again = await client.SendAsync(EventStreamClient.Request(session.Value), HttpCompletionOption.ResponseHeadersRead, _end.Token);
            return again.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task Stream_OneViewerStalled_OthersGetEverything()
    {
        var session = await fixture.Scene.StartAsync();
        using var client = await fixture.App.SignInAsync();
        // This one reads the headers and nothing more: its socket fills up.
        using var stalled = await client.SendAsync(EventStreamClient.Request(session.Value), HttpCompletionOption.ResponseHeadersRead, _end.Token);
        var others = Enumerable.Range(0, 4).Select(_ => CollectAsync(client, EventStreamClient.Request(session.Value), 401)).ToList();

        await fixture.Scene.AppendAsync(session, 400, _ => new string('x', 20_000));

        foreach (var events in await Task.WhenAll(others))
        {
            Ids(events).ShouldBe(Enumerable.Range(1, 401));
        }
    }

    [Fact]
    public async Task Page_OfEvents_IsPagedAndFiltered()
    {
        var session = await fixture.Scene.StartAsync();
        await fixture.Scene.AppendAsync(session, 9);
        using var client = await fixture.App.SignInAsync();
        var path = $"/api/v1/sessions/{session.Value}/events";

        var first = await JsonAsync(client, $"{path}?limit=4");
        var second = await JsonAsync(client, $"{path}?limit=4&after={first.GetProperty("nextAfter")}");
        var filtered = await JsonAsync(client, $"{path}?types=session.created");

        Numbers(first).ShouldBe([1, 2, 3, 4]);
        Numbers(second).ShouldBe([5, 6, 7, 8]);
        first.GetProperty("head").GetInt64().ShouldBe(10);
        first.GetProperty("epoch").GetString().ShouldNotBeNullOrEmpty();
        Numbers(filtered).ShouldBe([1]);
        filtered.GetProperty("nextAfter").GetInt64().ShouldBe(10);
    }

    [Fact]
    public async Task Page_PositionThatDoesNotExist_Resyncs()
    {
        var session = await fixture.Scene.StartAsync();
        using var client = await fixture.App.SignInAsync();

        var page = await JsonAsync(client, $"/api/v1/sessions/{session.Value}/events?after=5");

        page.GetProperty("resync").GetBoolean().ShouldBeTrue();
        Numbers(page).ShouldBe([1]);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=501")]
    [InlineData("after=-1")]
    public async Task Page_MalformedQuery_NamesTheField(string query)
    {
        var session = await fixture.Scene.StartAsync();
        using var client = await fixture.App.SignInAsync();

        using var response = await client.GetAsync($"/api/v1/sessions/{session.Value}/events?{query}", _end.Token);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("errors").TryGetProperty(query.Split('=')[0], out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Event_OfTheLargestSize_ArrivesWhole()
    {
        var session = await fixture.Scene.StartAsync();
        var text = new string('y', 64 * 1024 - "{\"text\":\"\"}".Length);
        await fixture.Scene.AppendAsync(session, 3, _ => text);
        using var client = await fixture.App.SignInAsync();

        var events = await CollectAsync(client, EventStreamClient.Request(session.Value, "?after=1"), 3);

        events.Where(e => e.Id is not null).ShouldAllBe(e => e.Json.GetProperty("data").GetProperty("text").GetString() == text);
    }

    [Fact]
    public async Task Stream_AfterSignOut_OpensNoMore()
    {
        var session = await fixture.Scene.StartAsync(LabApp.Viewer);
        using var client = await fixture.App.SignInAsync(LabApp.Viewer);

        await fixture.App.Services.GetRequiredService<ISignInSessions>()
            .RevokeAllAsync(await fixture.App.UserIdAsync(LabApp.Viewer), null, CancellationToken.None);
        using var response = await client.SendAsync(EventStreamClient.Request(session.Value), HttpCompletionOption.ResponseHeadersRead, _end.Token);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static IEnumerable<int> Ids(IEnumerable<ServerSentEvent> events) => events.Where(e => e.Id is not null).Select(e => int.Parse(e.Id!, CultureInfo.InvariantCulture));

    private static IEnumerable<long> Numbers(JsonElement page) => page.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("sequence").GetInt64());

    private async Task<JsonElement> JsonAsync(HttpClient client, string path) => JsonElement.Parse(await client.GetStringAsync(path, _end.Token));

    private async Task<List<ServerSentEvent>> CollectAsync(HttpClient client, HttpRequestMessage request, int count)
    {
        var events = new List<ServerSentEvent>();
        await foreach (var e in EventStreamClient.ReadAsync(client, request, _end.Token))
        {
            events.Add(e);
            if (events.Count(x => x.Id is not null) >= count)
            {
                break;
            }
        }

        return events;
    }
}

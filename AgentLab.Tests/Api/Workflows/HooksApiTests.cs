using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AgentLab.Tests.Fakes;
using AgentLab.Web.Features.Workflows.Hooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentLab.Tests.Api.Workflows;

public sealed class HooksApiTests : IAsyncLifetime
{
    private const string Secret = "a-secret-of-thirty-two-characters";
    private readonly string _slug = $"hook-{Guid.NewGuid():N}"[..20];
    private readonly ShiftedTime _time = new();
    private LabApp _app = null!;
    private HttpClient _editor = null!;
    private HttpClient _caller = null!;

    public async Task InitializeAsync()
    {
        _app = await LabApp.StartAsync(builder =>
        {
            builder.Configuration["AgentLab:Secrets:shop"] = Secret;
            builder.Configuration["AgentLab:RateLimits:Hook"] = "30";
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time));
        });
        _editor = await _app.SignInAsync(LabApp.Editor);
        _caller = _app.CreateClient();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Hook_WithRespondNode_AnswersAsItSays()
    {
        await PublishAsync(HookDefinitions.Echo(_slug));

        using var response = await _caller.PostAsJsonAsync($"/hooks/{_slug}?from=shop", new { order = 4711 });
        var body = await response.JsonAsync();

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        response.Headers.GetValues("X-Order").ShouldBe(["4711"]);
        body.GetProperty("order").GetInt32().ShouldBe(4711);
        body.Text("from").ShouldBe("shop");
    }

    [Fact]
    public async Task Hook_Immediately_Answers202WithTheRunOfItsOwner()
    {
        await PublishAsync(HookDefinitions.Hook(_slug, null, "immediately", true, HookDefinitions.Node("note", "set_values", """{"values":[{"name":"note","value":"{{data.body}}"}]}""")));

        using var response = await _caller.PostAsync($"/hooks/{_slug}", new StringContent("plain words", Encoding.UTF8, "text/plain"));
        var run = (await response.JsonAsync()).Text("runId");

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.TrueAsync(async () => JsonElement.Parse(await _editor.GetStringAsync($"/api/v1/runs/{run}")).Text("status") == "completed");
        JsonElement.Parse(await _editor.GetStringAsync($"/api/v1/runs/{run}")).GetProperty("output").Text("note").ShouldBe("plain words");
    }

    [Fact]
    public async Task Hook_WhenDone_AnswersWithTheOutput()
    {
        await PublishAsync(HookDefinitions.Hook(
            _slug, null, "when_done", true, HookDefinitions.Node("note", "set_values", """{"values":[{"name":"city","value":"{{data.body.city}}"},{"name":"agent","value":"{{data.headers.x-shop}}"}]}""")));
        var request = new HttpRequestMessage(HttpMethod.Put, $"/hooks/{_slug}") { Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["city"] = "Köln" }) };
        request.Headers.Add("X-Shop", "north");
        request.Headers.Add("X-Api-Key", "hidden");

        using var response = await _caller.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.JsonAsync()).Text("city").ShouldBe("Köln");
        (await response.JsonAsync()).Text("agent").ShouldBe("north");
    }

    [Theory]
    [InlineData("application/json", "{\"order\":")]
    [InlineData("application/x-www-form-urlencoded", "\u00ff")]
    public async Task Hook_BodyThatIsNotWhatItSays_IsMalformed(string type, string body)
    {
        await PublishAsync(HookDefinitions.Echo(_slug));
        var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
        content.Headers.ContentType = new(type);

        using var response = await _caller.PostAsync($"/hooks/{_slug}", content);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.JsonAsync()).Text("code").ShouldBe("malformed_request");
    }

    [Fact]
    public async Task Hook_UnknownOffOrOtherMethod_IsRefused()
    {
        var path = await PublishAsync(HookDefinitions.Echo(_slug));

        (await _caller.PostAsJsonAsync("/hooks/no-such-hook", new { })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var head = await _caller.SendAsync(new HttpRequestMessage(HttpMethod.Options, $"/hooks/{_slug}"));
        head.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        head.Content.Headers.Allow.ShouldContain("POST");
        (await _caller.PostAsync($"/hooks/{_slug}", new ByteArrayContent([1]) { Headers = { ContentType = new("image/png") } })).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await _editor.PostAsJsonAsync($"{path}/active", new { active = false })).EnsureSuccessStatusCode();
        (await _caller.PostAsJsonAsync($"/hooks/{_slug}", new { order = 1 })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _caller.PostAsJsonAsync("/hooks/wait/no-such-key", new { })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Hook_TwiceUnderOneKey_StartsOnce()
    {
        await PublishAsync(HookDefinitions.Hook(_slug, null, "immediately", true, HookDefinitions.Node("note", "set_values", """{"values":[{"name":"a","value":1}]}""")));
        var key = Guid.NewGuid().ToString();

        using var first = await _caller.SendJsonAsync(HttpMethod.Post, $"/hooks/{_slug}", new { order = 1 }, key);
        using var second = await _caller.SendJsonAsync(HttpMethod.Post, $"/hooks/{_slug}", new { order = 1 }, key);
        using var other = await _caller.SendJsonAsync(HttpMethod.Post, $"/hooks/{_slug}", new { order = 2 }, key);

        (await second.JsonAsync()).Text("runId").ShouldBe((await first.JsonAsync()).Text("runId"));
        second.Headers.Contains("Idempotency-Replayed").ShouldBeTrue();
        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Hook_Signed_TakesTheRightSignatureAlone()
    {
        await PublishAsync(HookDefinitions.Echo(_slug, "shop"));
        var now = Now();

        (await SendSignedAsync("""{"order":1}""", now, Secret)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendSignedAsync("""{"order":2}""", now, "another secret")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SendSignedAsync("""{"order":3}""", "", Secret)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SendSignedAsync("""{"order":4}""", "yesterday", Secret)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var unsigned = await _caller.PostAsJsonAsync($"/hooks/{_slug}", new { order = 5 });
        (await unsigned.JsonAsync()).Text("code").ShouldBe("signature_refused");
    }

    [Fact]
    public async Task Hook_SignedRequestSentAgain_TakesEffectOnceAndNeverLater()
    {
        var path = await PublishAsync(HookDefinitions.Echo(_slug, "shop"));
        var sent = Now();

        (await SendSignedAsync("""{"order":1}""", sent, Secret)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var again = await SendSignedAsync("""{"order":1}""", sent, Secret);
        _time.Advance(TimeSpan.FromMinutes(6));
        using var late = await SendSignedAsync("""{"order":1}""", sent, Secret);

        again.Headers.Contains("Idempotency-Replayed").ShouldBeTrue();
        late.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var editor = await _app.SignInAsync(LabApp.Editor);
        JsonElement.Parse(await editor.GetStringAsync($"{path}/runs")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Hook_PastItsLimit_IsRefusedWithTheSecondsToWait()
    {
        await PublishAsync(HookDefinitions.Hook(_slug, null, "immediately", true, HookDefinitions.Node("note", "set_values", """{"values":[{"name":"a","value":1}]}""")));
        HttpStatusCode status;
        var sent = 0;
        do
        {
            using var response = await _caller.PostAsJsonAsync($"/hooks/{_slug}", new { });
            status = response.StatusCode;
            sent++;
            (status == HttpStatusCode.TooManyRequests).ShouldBe(response.Headers.RetryAfter is not null);
        }
        while (status == HttpStatusCode.Accepted && sent < 40);

        status.ShouldBe(HttpStatusCode.TooManyRequests);
        sent.ShouldBe(31);
    }

    [Fact]
    public async Task Hook_OfADisabledOwner_IsGone()
    {
        await PublishAsync(HookDefinitions.Echo(_slug));
        var id = await _app.UserIdAsync(LabApp.Editor);
        (await _app.Services.GetRequiredService<AgentLab.Core.Identity.IAccounts>().SetEnabledAsync(id, false, default)).Ok.ShouldBeTrue();

        using var response = await _caller.PostAsJsonAsync($"/hooks/{_slug}", new { order = 1 });

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private string Now() => _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private Task<HttpResponseMessage> SendSignedAsync(string body, string timestamp, string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var signature = new byte[32];
        HookSignatures.Sign(secret, timestamp, bytes, signature);
        var request = new HttpRequestMessage(HttpMethod.Post, $"/hooks/{_slug}") { Content = new ByteArrayContent(bytes) { Headers = { ContentType = new("application/json") } } };
        request.Headers.Add("X-Signature-256", $"sha256={Convert.ToHexStringLower(signature)}");
        if (timestamp.Length > 0)
        {
            request.Headers.Add("X-Timestamp", timestamp);
        }

        return _caller.SendAsync(request);
    }

    private async Task<string> PublishAsync(JsonElement definition)
    {
        using var made = await _editor.PostAsJsonAsync("/api/v1/workflows", new { definition });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var path = $"/api/v1/workflows/{(await made.JsonAsync()).Text("id")}";
        using var published = await _editor.PostAsync($"{path}/publish", null);
        published.StatusCode.ShouldBe(HttpStatusCode.OK, await published.Content.ReadAsStringAsync());
        return path;
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Tests.Api;

namespace AgentLab.Tests.Web.Hosting;

public sealed class HostingTests(LabAppFixture fixture) : IClassFixture<LabAppFixture>
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/account/sign-in")]
    [InlineData("/api/v1/auth/me")]
    [InlineData("/favicon.svg")]
    public async Task Answer_OfAnyKind_KeepsBrowsersStrict(string path)
    {
        using var response = await fixture.App.CreateClient().GetAsync(path);

        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("script-src 'self';");
        policy.ShouldContain("frame-ancestors 'none'");
        response.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        response.Headers.GetValues("X-Frame-Options").Single().ShouldBe("DENY");
        response.Headers.GetValues("Referrer-Policy").Single().ShouldBe("same-origin");
        response.Headers.Contains("Server").ShouldBeFalse();
    }

    [Fact]
    public async Task Health_Anonymous_TellsTheStatusAlone()
    {
        var answer = await fixture.App.CreateClient().GetFromJsonAsync<JsonElement>("/health");

        answer.EnumerateObject().Select(p => p.Name).ShouldBe(["status"]);
    }

    [Fact]
    public async Task Health_Administrator_SeesTheParts()
    {
        var client = await fixture.App.SignInAsync();

        var answer = await client.GetFromJsonAsync<JsonElement>("/health");

        var parts = answer.GetProperty("parts");
        parts.GetProperty("database").GetProperty("status").GetString().ShouldBe("healthy");
        parts.TryGetProperty("disk", out _).ShouldBeTrue();
        parts.TryGetProperty("memory", out _).ShouldBeTrue();
        answer.GetProperty("version").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Health_Editor_SeesNoParts()
    {
        var client = await fixture.App.SignInAsync(LabApp.Editor);

        var answer = await client.GetFromJsonAsync<JsonElement>("/health");

        answer.TryGetProperty("parts", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task RateLimit_SignInUnderOneName_IsRefusedWithSecondsToWait()
    {
        await using var app = await LabApp.StartAsync(builder => builder.Configuration["AgentLab:RateLimits:SignIn"] = "2");
        using var client = app.CreateClient();
        for (var i = 0; i < 2; i++)
        {
            (await TryAsync(client, "somebody")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        using var refused = await TryAsync(client, "SOMEBODY");

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("rate_limited");
        (await TryAsync(client, "somebody-else")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task RateLimit_Api_CountsEachPersonApart()
    {
        await using var app = await LabApp.StartAsync(builder => builder.Configuration["AgentLab:RateLimits:Api"] = "5");
        var busy = await app.SignInAsync();
        for (var i = 0; i < 5; i++)
        {
            (await busy.GetAsync("/api/v1/auth/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using var refused = await busy.GetAsync("/api/v1/auth/me");
        var other = await app.SignInAsync(LabApp.Editor);

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await other.GetAsync("/api/v1/auth/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task ForwardedHeaders_FromNobodyListed_AreIgnored()
    {
        await using var app = await LabApp.StartAsync(builder => builder.Configuration["AgentLab:Http:HttpsRedirect"] = "false");
        using var client = app.CreateClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");

        using var response = await client.SendAsync(LabApp.Page(HttpMethod.Get, "/account/sign-in"));

        response.Headers.GetValues("Set-Cookie").ShouldAllBe(c => !c.Contains("secure", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task ForwardedHeaders_FromAListedProxy_MakeTheCookieSecureAndBoundToTheHost()
    {
        await using var app = await LabApp.StartAsync(builder => builder.Configuration["AgentLab:Http:KnownProxies:0"] = "127.0.0.1");
        using var client = app.CreateClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", "lab.example");

        using var response = await LabApp.PostFormAsync(
            client, "/account/sign-in", "sign-in", new() { ["name"] = LabApp.Admin, ["password"] = LabApp.Password });

        var cookie = response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("__Host-agentlab=", StringComparison.Ordinal));
        cookie.ShouldContain("secure");
        response.Headers.GetValues("Strict-Transport-Security").Single().ShouldBe("max-age=31536000");
        response.Headers.Location!.ToString().ShouldBe("https://lab.example/");
    }

    private static Task<HttpResponseMessage> TryAsync(HttpClient client, string name) =>
        client.PostAsJsonAsync("/api/v1/auth/login", new { email = name, password = "Wrong-Horse-7-Battery" });
}

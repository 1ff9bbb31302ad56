using System.Net;
using System.Text.Json;

namespace AgentLab.Tests.Api.Docs;

public sealed class OpenApiTests(SpokenApp fixture) : IClassFixture<SpokenApp>
{
    [Fact]
    public async Task Document_EveryOperation_IsDescribed()
    {
        var document = await DocumentAsync();
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => (Name: $"{o.Name} {p.Name}", o.Value))).ToList();

        operations.Count.ShouldBeGreaterThan(25);
        operations.Where(o => !o.Value.TryGetProperty("summary", out var s) || s.GetString() is null or "").Select(o => o.Name).ShouldBeEmpty();
        operations.Where(o => !o.Value.TryGetProperty("operationId", out _)).Select(o => o.Name).ShouldBeEmpty();
        operations.Select(o => o.Value.GetProperty("operationId").GetString()).ShouldBeUnique();
        operations.Where(o => !o.Value.TryGetProperty("tags", out var tags) || tags[0].GetString()!.StartsWith("AgentLab", StringComparison.Ordinal)).Select(o => o.Name).ShouldBeEmpty();
    }

    [Fact]
    public async Task Document_Parameters_AreThoseOfClientsOnlyAndDescribed()
    {
        var document = await DocumentAsync();
        var list = document.GetProperty("paths").GetProperty("/api/v1/sessions").GetProperty("get").GetProperty("parameters").EnumerateArray().ToList();

        list.Select(p => p.Text("name")).ShouldBe(["agent", "status", "q", "owner", "cursor", "limit"]);
        list.ShouldAllBe(p => p.Text("description") != "");
    }

    [Fact]
    public async Task Document_CreatingPosts_TakeAnIdempotencyKey()
    {
        var paths = (await DocumentAsync()).GetProperty("paths");

        foreach (var path in new[] { "/api/v1/sessions", "/api/v1/sessions/{id}/messages", "/api/v1/agents", "/api/v1/agents/import", "/api/v1/agents/{agent}/duplicate", "/api/v1/attachments", "/api/v1/workflows", "/api/v1/workflows/import", "/api/v1/workflows/{workflow}/runs" })
        {
            paths.GetProperty(path).GetProperty("post").GetProperty("parameters").EnumerateArray()
                .ShouldContain(p => p.Text("name") == "Idempotency-Key", path);
        }
    }

    [Fact]
    public async Task Document_Schemas_AreDescribed()
    {
        var schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas");
        var session = schemas.GetProperty("SessionResponse").GetProperty("properties");

        session.GetProperty("head").Text("description").ShouldBe("The sequence of its last event.");
        schemas.GetProperty("StartSessionRequest").GetProperty("properties").GetProperty("agent").TryGetProperty("description", out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs/api")]
    public async Task Documentation_WithoutSignIn_IsRefused(string path)
    {
        using var response = await fixture.App.CreateClient().GetAsync(path);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Page_ToTryTheApi_IsServedWithItsAssets()
    {
        using var client = await fixture.App.SignInWithCookieAsync();

        var page = await client.GetStringAsync("/docs/api");
        using var script = await client.GetAsync("/js/api-docs.js");
        using var style = await client.GetAsync("/css/api-docs.css");

        page.ShouldContain("/js/api-docs.js");
        page.ShouldNotContain("<script>");
        script.StatusCode.ShouldBe(HttpStatusCode.OK);
        style.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<JsonElement> DocumentAsync()
    {
        using var client = await fixture.App.SignInAsync();
        return JsonElement.Parse(await client.GetStringAsync("/openapi/v1.json"));
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace AgentLab.Tests.Api.Agents;

public sealed class AgentsApiTests(SpokenApp fixture) : IClassFixture<SpokenApp>
{
    [Fact]
    public async Task Offered_Agent_IsListedForOthersWhoMayNotOfferIt()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        using var other = await fixture.App.SignInAsync(LabApp.Other);
        var name = $"Offered {Guid.NewGuid():N}";
        using var created = await client.PostAsJsonAsync("/api/v1/agents", new { name, instructions = "Read." });
        using var draft = await client.PostAsJsonAsync("/api/v1/agents", new { name = $"{name} draft", status = "draft" });
        var path = $"/api/v1/agents/{(await created.JsonAsync()).Text("id")}";

        using var offered = await client.PostAsJsonAsync($"{path}/offered", new { offered = true });
        using var refused = await other.PostAsJsonAsync($"{path}/offered", new { offered = false });
        using var unsaid = await client.PostAsJsonAsync($"{path}/offered", new { });
        using var early = await client.PostAsJsonAsync($"/api/v1/agents/{(await draft.JsonAsync()).Text("id")}/offered", new { offered = true });
        var listed = await GetAsync(other, $"/api/v1/agents?offered=true&q={name}");
        using var away = await client.PostAsJsonAsync($"{path}/offered", new { offered = false });

        (await offered.JsonAsync()).GetProperty("offered").GetBoolean().ShouldBeTrue();
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        unsaid.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await unsaid.JsonAsync()).GetProperty("errors").EnumerateObject().Single().Name.ShouldBe("offered");
        (early.StatusCode, (await early.JsonAsync()).Text("code")).ShouldBe((HttpStatusCode.Conflict, "agent_not_active"));
        listed.GetProperty("items").EnumerateArray().ShouldHaveSingleItem().Text("name").ShouldBe(name);
        (await away.JsonAsync()).GetProperty("offered").GetBoolean().ShouldBeFalse();
        (await GetAsync(other, $"/api/v1/agents?offered=true&q={name}")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Agent_FromCreationToDeletion_KeepsItsVersions()
    {
        using var client = await fixture.App.SignInAsync();
        using var created = await client.PostAsJsonAsync("/api/v1/agents", new { name = "Proof reader", instructions = "Read.", tools = new[] { "calculator" } });
        var agent = await created.JsonAsync();
        var path = $"/api/v1/agents/{agent.Text("slug")}";

        using var got = await client.GetAsync(path);
        using var updated = await client.SendJsonAsync(HttpMethod.Put, path, new { name = "Proof reader", instructions = "Read twice." }, ifMatch: got.Headers.ETag!.Tag);
        using var stale = await client.SendJsonAsync(HttpMethod.Put, path, new { name = "Proof reader", instructions = "Read never.", version = 1 });
        var versions = await GetAsync(client, $"{path}/versions");
        var first = await GetAsync(client, $"{path}/versions/1");
        using var disabled = await client.SendJsonAsync(HttpMethod.Put, $"{path}/status", new { status = "disabled" });
        using var deleted = await client.DeleteAsync(path);
        using var gone = await client.GetAsync(path);

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        created.Headers.Location!.OriginalString.ShouldBe($"/api/v1/agents/{agent.Text("id")}");
        agent.Text("status").ShouldBe("active");
        updated.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await updated.JsonAsync()).GetProperty("version").GetInt32().ShouldBe(2);
        stale.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await stale.JsonAsync()).Text("code").ShouldBe("version_conflict");
        versions.GetProperty("items").GetArrayLength().ShouldBe(2);
        first.Text("instructions").ShouldBe("Read.");
        (await disabled.JsonAsync()).Text("status").ShouldBe("disabled");
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Export_Imported_IsTheSameAgentAsADraft()
    {
        using var client = await fixture.App.SignInAsync();
        var file = await client.GetStringAsync("/api/v1/agents/analyst/export");
        var renamed = file.Replace("\"Analyst\"", "\"Second analyst\"", StringComparison.Ordinal);

        using var imported = await client.PostAsync("/api/v1/agents/import", new StringContent(renamed, Encoding.UTF8, "application/json"));
        var agent = await imported.JsonAsync();
        using var taken = await client.PostAsync("/api/v1/agents/import", new StringContent(renamed, Encoding.UTF8, "application/json"));
        using var other = await client.PostAsJsonAsync("/api/v1/agents/import", new { format = "something", agent = new { name = "X" } });

        imported.StatusCode.ShouldBe(HttpStatusCode.Created);
        agent.Text("status").ShouldBe("draft");
        agent.Text("instructions").ShouldBe((await GetAsync(client, "/api/v1/agents/analyst")).Text("instructions"));
        (await taken.JsonAsync()).Text("code").ShouldBe("name_taken");
        other.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Duplicate_WithoutAName_FindsOne()
    {
        using var client = await fixture.App.SignInAsync();

        using var copy = await client.PostAsync("/api/v1/agents/guide/duplicate", null);

        copy.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await copy.JsonAsync()).Text("name").ShouldBe("Guide copy");
    }

    [Fact]
    public async Task List_Agents_IsPagedByName()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);

        var first = await GetAsync(client, "/api/v1/agents?limit=1&status=active");
        var second = await GetAsync(client, $"/api/v1/agents?limit=100&status=active&cursor={Uri.EscapeDataString(first.Text("nextCursor"))}");

        var names = first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Select(a => a.Text("name")).ToList();
        names.ShouldBe(names.Order(StringComparer.OrdinalIgnoreCase));
        names.ShouldContain("Analyst");
    }

    [Fact]
    public async Task Create_ManyFaults_NamesEach()
    {
        using var client = await fixture.App.SignInAsync();

        using var response = await client.PostAsJsonAsync("/api/v1/agents", new { name = "", temperature = 9, tools = new[] { "no_such_tool" } });
        var errors = (await response.JsonAsync()).GetProperty("errors");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        errors.EnumerateObject().Count().ShouldBe(3);
    }

    [Theory]
    [InlineData("{\"name\":")]
    [InlineData("{\"name\":\"X\",\"status\":\"happy\"}")]
    [InlineData("[]")]
    public async Task Create_BodyThatCannotBeRead_IsMalformed(string body)
    {
        using var client = await fixture.App.SignInAsync();

        using var response = await client.PostAsync("/api/v1/agents", new StringContent(body, Encoding.UTF8, "application/json"));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.JsonAsync()).Text("code").ShouldBe("malformed_request");
    }

    [Fact]
    public async Task Delete_AsEditor_IsForbidden()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);

        using var response = await client.DeleteAsync("/api/v1/agents/guide");

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path) => JsonElement.Parse(await client.GetStringAsync(path));
}

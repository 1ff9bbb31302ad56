using System.Net;
using System.Text;
using System.Text.Json;
using AgentLab.Tests.Core.Workflows.Definition;

namespace AgentLab.Tests.Api.Workflows;

public sealed class HostileImportTests(SpokenApp fixture) : IClassFixture<SpokenApp>
{
    /// <summary>What a browser would run if a text became HTML.</summary>
    private static readonly string[] Markup = ["<script>alert", "<img src=x"];

    [Fact]
    public async Task Import_TwoHundredHostileFiles_StoresNothingOfARefusedOneAndRunsNothing()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        using var browser = await fixture.App.SignInWithCookieAsync(LabApp.Editor);
        var sessions = await AllAsync(client, "sessions");
        var before = await AllAsync(client, "workflows");
        var taken = new List<string>();
        foreach (var (name, text) in HostileFiles.All)
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
            content.Headers.ContentType = new("application/json");
            using var answer = await client.PostAsync($"/api/v1/workflows/import?name=Hostile%20{taken.Count}", content);
            if (answer.StatusCode == HttpStatusCode.Created)
            {
                HostileFiles.IsOnlyText(name).ShouldBeTrue($"{name} was let in");
                IsNoHtml(answer, await answer.Content.ReadAsStringAsync(), name);
                taken.Add((await answer.JsonAsync()).Text("id"));
                continue;
            }

            ((int)answer.StatusCode).ShouldBeInRange(400, 422, $"{name}: {await answer.Content.ReadAsStringAsync()}");
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json", name);
            (await answer.Content.ReadAsStringAsync()).ShouldNotContain("at AgentLab.", Case.Sensitive, name);
        }

        (taken.Count, HostileFiles.All.Count - taken.Count).ShouldBe((HostileFiles.OnlyText, HostileFiles.Refused));
        (await AllAsync(client, "workflows")).Except(before).Order().ShouldBe(taken.Order(), "nothing of a refused file is stored");
        foreach (var id in taken)
        {
            await IsOnlyTextAsync(client, browser, id);
            (await AllAsync(client, $"workflows/{id}/runs")).ShouldBeEmpty();
        }

        (await AllAsync(client, "sessions")).ShouldBe(sessions, "nothing has run");
    }

    /// <summary>Wherever what was let in comes out again it is data, or text in a page.</summary>
    private static async Task IsOnlyTextAsync(HttpClient client, HttpClient browser, string id)
    {
        foreach (var path in (string[])[$"/api/v1/workflows/{id}", $"/api/v1/workflows/{id}/export", $"/api/v1/workflows/{id}/versions", $"/api/v1/workflows/{id}/runs"])
        {
            using var answer = await client.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            IsNoHtml(answer, await answer.Content.ReadAsStringAsync(), path);
        }

        foreach (var path in (string[])[$"/workflows/{id}", "/workflows"])
        {
            using var page = await browser.GetAsync(path);
            page.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            var html = await page.Content.ReadAsStringAsync();
            Markup.ShouldAllBe(markup => !html.Contains(markup, StringComparison.OrdinalIgnoreCase), path);
        }
    }

    private static void IsNoHtml(HttpResponseMessage answer, string body, string what)
    {
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json", what);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"], what);
        JsonElement.Parse(body).ValueKind.ShouldBe(JsonValueKind.Object, what);
    }

    /// <summary>The ids of all there is, page by page.</summary>
    private static async Task<List<string>> AllAsync(HttpClient client, string list)
    {
        var ids = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = JsonElement.Parse(await client.GetStringAsync($"/api/v1/{list}?limit=100{cursor}"));
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.Text("id")));
            cursor = page.TryGetProperty("nextCursor", out var next) && next.ValueKind == JsonValueKind.String ? $"&cursor={Uri.EscapeDataString(next.GetString()!)}" : null;
        }

        return ids;
    }
}

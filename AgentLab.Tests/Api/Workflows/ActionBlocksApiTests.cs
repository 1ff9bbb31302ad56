using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace AgentLab.Tests.Api.Workflows;

public sealed class ActionBlocksApiTests(SpokenApp fixture) : IClassFixture<SpokenApp>
{
    private const string Path = "/api/v1/action-blocks";

    private readonly string _mark = Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task Block_FromCreationToDeletion_IsTheTeams()
    {
        using var editor = await fixture.App.SignInAsync(LabApp.Editor);
        using var viewer = await fixture.App.SignInAsync(LabApp.Viewer);

        using var created = await editor.PostAsJsonAsync(Path, Block("Ask the carrier"));
        var at = created.Headers.Location!.OriginalString;
        var seen = JsonElement.Parse(await viewer.GetStringAsync(at));
        using var replaced = await editor.SendJsonAsync(HttpMethod.Put, at, Block("Ask the post"));
        using var deleted = await editor.DeleteAsync(at);
        using var gone = await editor.GetAsync(at);
        using var again = await editor.SendJsonAsync(HttpMethod.Put, at, Block("Ask the post"));

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        seen.Text("name").ShouldBe($"Ask the carrier {_mark}");
        seen.GetProperty("settings").Text("url").ShouldBe("https://carrier.example/{{input.parcel}}");
        seen.GetProperty("keywords")[0].GetString().ShouldBe("parcel");
        (await replaced.JsonAsync()).Text("name").ShouldBe($"Ask the post {_mark}");
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        again.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Create_TwiceUnderOneKey_MakesOne()
    {
        using var editor = await fixture.App.SignInAsync(LabApp.Editor);

        var answers = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = JsonContent.Create(Block("Once")) };
            request.Headers.Add("Idempotency-Key", $"once-{_mark}");
            using var response = await editor.SendAsync(request);
            response.StatusCode.ShouldBe(HttpStatusCode.Created);
            answers.Add((await response.JsonAsync()).Text("id"));
        }

        answers[1].ShouldBe(answers[0]);
    }

    [Fact]
    public async Task Refusals_AreOfTheTable()
    {
        using var editor = await fixture.App.SignInAsync(LabApp.Editor);
        using var other = await fixture.App.SignInAsync(LabApp.Other);
        using var viewer = await fixture.App.SignInAsync(LabApp.Viewer);
        using var created = await editor.PostAsJsonAsync(Path, Block("Mine"));
        var at = created.Headers.Location!.OriginalString;

        using var taken = await other.PostAsJsonAsync(Path, Block("MINE"));
        using var theirs = await other.SendJsonAsync(HttpMethod.Put, at, Block("Mine"));
        using var reader = await viewer.PostAsJsonAsync(Path, Block("A viewer's"));
        using var wrong = await editor.PostAsJsonAsync(Path, new { name = "", kind = "http_request", settings = new { url = "ftp://x" } });
        using var unknown = await editor.PostAsJsonAsync(Path, new { name = $"Shell {_mark}", kind = "run_code" });
        using var cursor = await editor.GetAsync($"{Path}?cursor=none%20of%20ours");

        await ShouldBeAsync(taken, HttpStatusCode.Conflict, "name_taken");
        await ShouldBeAsync(theirs, HttpStatusCode.Forbidden, "forbidden");
        await ShouldBeAsync(reader, HttpStatusCode.Forbidden, "forbidden");
        await ShouldBeAsync(wrong, HttpStatusCode.BadRequest, "invalid");
        (await wrong.JsonAsync()).GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe(["name", "settings/url"]);
        (await unknown.JsonAsync()).GetProperty("errors").EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe("kind");
        await ShouldBeAsync(cursor, HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task List_ByCursor_GivesEachOnce()
    {
        using var editor = await fixture.App.SignInAsync(LabApp.Editor);
        foreach (var name in (string[])["b", "c", "a"])
        {
            (await editor.PostAsJsonAsync(Path, Block(name))).EnsureSuccessStatusCode();
        }

        var first = JsonElement.Parse(await editor.GetStringAsync($"{Path}?q={_mark}&limit=2"));
        var second = JsonElement.Parse(await editor.GetStringAsync($"{Path}?q={_mark}&limit=2&cursor={first.Text("nextCursor")}"));

        Names(first).Concat(Names(second)).ShouldBe([$"a {_mark}", $"b {_mark}", $"c {_mark}"]);
        second.GetProperty("nextCursor").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    private static IEnumerable<string> Names(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(item => item.Text("name"));

    private static async Task ShouldBeAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        response.StatusCode.ShouldBe(status);
        (await response.JsonAsync()).Text("code").ShouldBe(code);
    }

    private object Block(string name) => new
    {
        name = $"{name} {_mark}",
        description = "Asks the carrier where a parcel is.",
        kind = "http_request",
        settings = new { method = "GET", url = "https://carrier.example/{{input.parcel}}" },
        keywords = new[] { "parcel" },
    };
}

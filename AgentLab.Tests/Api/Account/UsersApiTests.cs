using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace AgentLab.Tests.Api.Account;

public sealed class UsersApiTests(LabAppFixture fixture) : IClassFixture<LabAppFixture>
{
    private LabApp App => fixture.App;

    [Theory]
    [InlineData(LabApp.Editor)]
    [InlineData(LabApp.Viewer)]
    public async Task Users_ForOthersThanAdministrators_AreForbidden(string email)
    {
        var client = await App.SignInAsync(email);

        using var response = await client.GetAsync("/api/v1/users");

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("forbidden");
    }

    [Fact]
    public async Task Role_Changed_CountsFromTheNextRequestOn()
    {
        var client = await App.SignInAsync();
        using var made = await client.PostAsJsonAsync("/api/v1/users", new { email = "rises@lab.test", password = LabApp.Password, role = "viewer" });
        var path = $"/api/v1/users/{(await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()}/role";
        using var theirs = new HttpClient { BaseAddress = App.BaseAddress };
        using var login = await theirs.PostAsJsonAsync("/api/v1/auth/login", new { email = "rises@lab.test", password = LabApp.Password });
        var token = (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString();
        theirs.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var before = await theirs.GetAsync("/api/v1/users");

        using var unknown = await client.PostAsJsonAsync(path, new { role = "owner" });
        using var changed = await client.PostAsJsonAsync(path, new { role = "admin" });
        using var after = await theirs.GetAsync("/api/v1/users");
        using var back = await client.PostAsJsonAsync(path, new { role = "viewer" });

        before.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        unknown.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await changed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("role").GetString().ShouldBe("admin");
        after.StatusCode.ShouldBe(HttpStatusCode.OK);
        back.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Users_Created_AreListedInPages()
    {
        var client = await App.SignInAsync();
        for (var i = 0; i < 3; i++)
        {
            using var made = await client.PostAsJsonAsync("/api/v1/users", new { email = $"page{i}@lab.test", password = LabApp.Password, role = "viewer" });
            made.StatusCode.ShouldBe(HttpStatusCode.Created);
        }

        var names = new List<string>();
        string? after = null;
        do
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/users?limit=2&cursor={after}");
            names.AddRange(page.GetProperty("items").EnumerateArray().Select(u => u.GetProperty("userName").GetString()!));
            after = page.GetProperty("nextCursor").GetString();
        }
        while (after is not null);

        names.ShouldBeUnique();
        names.ShouldContain("page0@lab.test");
        names.ShouldContain("page2@lab.test");
    }

    [Fact]
    public async Task Users_CreatedTwiceUnderOneKey_MakesOne()
    {
        var client = await App.SignInAsync();
        var body = new { email = "twice@lab.test", password = LabApp.Password };

        using var first = await client.SendJsonAsync(HttpMethod.Post, "/api/v1/users", body, "make-twice");
        using var second = await client.SendJsonAsync(HttpMethod.Post, "/api/v1/users", body, "make-twice");
        using var other = await client.SendJsonAsync(HttpMethod.Post, "/api/v1/users", new { email = "else@lab.test", password = LabApp.Password }, "make-twice");

        (first.StatusCode, second.StatusCode, other.StatusCode).ShouldBe((HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.UnprocessableEntity));
        (await second.JsonAsync()).Text("id").ShouldBe((await first.JsonAsync()).Text("id"));
    }

    [Fact]
    public async Task Users_BadFields_AreNamedTogether()
    {
        var client = await App.SignInAsync();

        using var response = await client.PostAsJsonAsync("/api/v1/users", new { role = "king" });

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var errors = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        errors.EnumerateObject().Select(e => e.Name).ShouldBe(["email", "password", "role"], ignoreOrder: true);
    }

    [Fact]
    public async Task Users_SameAddressInAnotherCase_IsRefused()
    {
        var client = await App.SignInAsync();

        using var response = await client.PostAsJsonAsync("/api/v1/users", new { email = "ADMIN@lab.test", password = LabApp.Password });

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Users_LastAdministrator_StaysEnabled()
    {
        var client = await App.SignInAsync();
        var id = await App.UserIdAsync(LabApp.Admin);

        using var response = await client.PostAsync($"/api/v1/users/{id}/disable", null);

        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }
}

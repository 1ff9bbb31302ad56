using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Core.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Api.Account;

public sealed class AuthApiTests(LabAppFixture fixture) : IClassFixture<LabAppFixture>
{
    private LabApp App => fixture.App;

    [Fact]
    public async Task Login_RightPassword_GivesTokensThatSignIn()
    {
        var tokens = await App.LoginAsync();
        tokens.GetProperty("expiresIn").GetInt32().ShouldBe(900);
        using var client = App.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", tokens.GetProperty("accessToken").GetString());

        var me = await client.GetFromJsonAsync<JsonElement>("/api/v1/auth/me");

        me.GetProperty("email").GetString().ShouldBe(LabApp.Admin);
        me.GetProperty("role").GetString().ShouldBe("admin");
    }

    [Fact]
    public async Task Login_UserNameInAnyCase_SignsIn()
    {
        var account = new NewAccount("ada@lab.test", LabApp.Password, ActorRole.Editor, "Ada");
        (await App.Services.GetRequiredService<IAccounts>().CreateAsync(account, CancellationToken.None)).Ok.ShouldBeTrue();

        var response = await PostAsync("login", new { email = "ADA", password = LabApp.Password });

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Login_WrongNameAndWrongPassword_ReadTheSame()
    {
        var name = await PostAsync("login", new { email = "nobody@lab.test", password = LabApp.Password }, requestId: "same");
        var password = await PostAsync("login", new { email = LabApp.Admin, password = "Wrong-Horse-7-Battery" }, requestId: "same");

        name.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        password.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await password.Content.ReadAsByteArrayAsync()).ShouldBe(await name.Content.ReadAsByteArrayAsync());
        (await CodeAsync(name)).ShouldBe("sign_in_failed");
    }

    [Fact]
    public async Task Login_MissingFields_NamesEach()
    {
        var response = await PostAsync("login", new { });

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("code").GetString().ShouldBe("invalid");
        problem.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(["email", "password"], ignoreOrder: true);
    }

    [Fact]
    public async Task Login_DisabledAccount_SaysSoOnlyAfterTheRightPassword()
    {
        var id = await App.UserIdAsync("disabled@lab.test");
        (await App.Services.GetRequiredService<IAccounts>().SetEnabledAsync(id, false, CancellationToken.None)).Ok.ShouldBeTrue();

        var wrong = await PostAsync("login", new { email = "disabled@lab.test", password = "Wrong-Horse-7-Battery" });
        var right = await PostAsync("login", new { email = "disabled@lab.test", password = LabApp.Password });

        (await CodeAsync(wrong)).ShouldBe("sign_in_failed");
        right.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await CodeAsync(right)).ShouldBe("account_disabled");
    }

    [Fact]
    public async Task AccessToken_AccountDisabled_EndsAtOnce()
    {
        var client = await App.SignInAsync("leaver@lab.test");
        (await client.GetAsync("/api/v1/auth/me")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var id = await App.UserIdAsync("leaver@lab.test");
        await App.Services.GetRequiredService<IAccounts>().SetEnabledAsync(id, false, CancellationToken.None);

        (await client.GetAsync("/api/v1/auth/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Logout_AccessAndRefreshToken_AreRefusedAfterwards()
    {
        var tokens = await App.LoginAsync();
        using var client = App.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", tokens.GetProperty("accessToken").GetString());

        (await client.PostAsync("/api/v1/auth/logout", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await client.GetAsync("/api/v1/auth/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var refresh = await PostAsync("refresh", new { refreshToken = tokens.GetProperty("refreshToken").GetString() });
        (await CodeAsync(refresh)).ShouldBe("refresh_refused");
    }

    [Fact]
    public async Task Sessions_OneRevokedFromAnother_EndsThatOneOnly()
    {
        var kept = await App.SignInAsync(LabApp.Other);
        var ended = await App.SignInAsync(LabApp.Other);
        var id = (await ended.GetFromJsonAsync<JsonElement>("/api/v1/auth/me")).GetProperty("signInSession").GetGuid();

        var listed = await kept.GetFromJsonAsync<JsonElement>("/api/v1/auth/sessions");
        var revoked = await kept.DeleteAsync($"/api/v1/auth/sessions/{id}");

        listed.GetProperty("items").EnumerateArray().Select(s => s.GetProperty("id").GetGuid()).ShouldContain(id);
        revoked.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ended.GetAsync("/api/v1/auth/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await kept.GetAsync("/api/v1/auth/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Sessions_OfSomebodyElse_AreNotFound()
    {
        var editor = await App.SignInAsync(LabApp.Editor);
        var admin = await App.SignInAsync();
        var id = (await editor.GetFromJsonAsync<JsonElement>("/api/v1/auth/me")).GetProperty("signInSession").GetGuid();

        var response = await admin.DeleteAsync($"/api/v1/auth/sessions/{id}");

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await editor.GetAsync("/api/v1/auth/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Password_Changed_EndsOtherSignInsAndKeepsThisOne()
    {
        const string Mover = "mover@lab.test";
        const string Next = "Another-Staple-9-Horse";
        var here = await App.SignInAsync(Mover);
        var there = await App.SignInAsync(Mover);

        var wrong = await here.PostAsJsonAsync("/api/v1/auth/password", new { currentPassword = "Wrong-Horse-7-Battery", newPassword = Next });
        var weak = await here.PostAsJsonAsync("/api/v1/auth/password", new { currentPassword = LabApp.Password, newPassword = "P@ssw0rd2026!" });
        var done = await here.PostAsJsonAsync("/api/v1/auth/password", new { currentPassword = LabApp.Password, newPassword = Next });

        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        weak.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        done.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await here.GetAsync("/api/v1/auth/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await there.GetAsync("/api/v1/auth/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync("login", new { email = Mover, password = LabApp.Password })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync("login", new { email = Mover, password = Next })).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task AccessToken_InTheQuery_IsNotLookedAt()
    {
        var token = (await App.LoginAsync()).GetProperty("accessToken").GetString();
        using var client = App.CreateClient();

        var response = await client.GetAsync($"/api/v1/auth/me?access_token={token}");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        (await CodeAsync(response)).ShouldBe("not_signed_in");
    }

    private async Task<HttpResponseMessage> PostAsync(string path, object body, string? requestId = null)
    {
        var client = App.CreateClient();
        if (requestId is not null)
        {
            client.DefaultRequestHeaders.Add("X-Request-Id", requestId);
        }

        return await client.PostAsJsonAsync($"/api/v1/auth/{path}", body);
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace AgentLab.Tests.Api.Account;

public sealed class AuthApiTests
{
    [Fact]
    public async Task Login_WithRightPassword_GivesTokensThatSignIn()
    {
        await using var app = await LabApp.StartAsync();
        var client = await app.SignInAsync();

        var me = await client.GetFromJsonAsync<JsonElement>("/api/v1/auth/me");

        me.GetProperty("email").GetString().ShouldBe(LabApp.Admin);
        me.GetProperty("role").GetString().ShouldBe("admin");
    }

    [Fact]
    public async Task Page_WithCookie_IsServed()
    {
        await using var app = await LabApp.StartAsync();
        var client = await app.SignInWithCookieAsync();

        var me = await client.GetAsync("/api/v1/auth/me");

        me.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}

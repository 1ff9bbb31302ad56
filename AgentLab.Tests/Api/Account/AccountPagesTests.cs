using System.Net;

namespace AgentLab.Tests.Api.Account;

public sealed class AccountPagesTests(LabAppFixture fixture) : IClassFixture<LabAppFixture>
{
    private LabApp App => fixture.App;

    [Fact]
    public async Task SignIn_RightPassword_SetsAStrictCookieAndGoesToTheReturnUrl()
    {
        using var response = await SignInAsync(LabApp.Admin, LabApp.Password, "/agents?q=1");

        response.StatusCode.ShouldBe(HttpStatusCode.Found);
        response.Headers.Location!.ToString().ShouldEndWith("/agents?q=1");
        var cookie = response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("agentlab=", StringComparison.Ordinal));
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
        cookie.ShouldContain("path=/");
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task SignIn_ForeignReturnUrl_GoesToTheStartPage(string returnUrl)
    {
        using var response = await SignInAsync(LabApp.Admin, LabApp.Password, returnUrl);

        response.Headers.Location!.IsAbsoluteUri.ShouldBeTrue();
        response.Headers.Location.ShouldBe(App.BaseAddress);
    }

    [Fact]
    public async Task SignIn_WrongNameAndWrongPassword_ShowTheSame()
    {
        using var name = await SignInAsync("nobody@lab.test", LabApp.Password);
        using var password = await SignInAsync(LabApp.Admin, "Wrong-Horse-7-Battery");

        name.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        password.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await name.Content.ReadAsStringAsync()).ShouldContain("The name or the password is wrong.");
        (await password.Content.ReadAsStringAsync()).ShouldContain("The name or the password is wrong.");
        password.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task SignIn_WithoutTheFormsToken_IsRefused()
    {
        var post = LabApp.Page(HttpMethod.Post, "/account/sign-in");
        post.Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "sign-in",
            ["name"] = LabApp.Admin,
            ["password"] = LabApp.Password,
        });

        using var response = await App.CreateClient().SendAsync(post);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        response.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task Page_Anonymous_LeadsToSignInAndBack()
    {
        using var response = await App.CreateClient().SendAsync(LabApp.Page(HttpMethod.Get, "/account/password"));

        response.StatusCode.ShouldBe(HttpStatusCode.Found);
        response.Headers.Location!.ToString().ShouldContain("/account/sign-in?returnUrl=%2Faccount%2Fpassword");
    }

    [Fact]
    public async Task SignOut_Posted_EndsTheCookie()
    {
        var client = await App.SignInWithCookieAsync(LabApp.Editor);

        using var response = await LabApp.PostFormAsync(client, "/account/sign-out", "sign-out", []);

        response.StatusCode.ShouldBe(HttpStatusCode.Found);
        (await client.GetAsync("/api/v1/auth/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task SignOut_WithAnOldFormToken_AsksAgain()
    {
        var client = await App.SignInWithCookieAsync(LabApp.Editor);

        using var response = await client.PostAsync("/account/sign-out", new FormUrlEncodedContent([]));

        response.Headers.Location!.ToString().ShouldBe("/account/sign-out");
        (await client.GetAsync("/api/v1/auth/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Account_SignedIn_ShowsWhoOneIs()
    {
        var client = await App.SignInWithCookieAsync(LabApp.Viewer);

        using var response = await client.SendAsync(LabApp.Page(HttpMethod.Get, "/account"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldContain(LabApp.Viewer);
    }

    [Fact]
    public async Task Password_WeakOne_IsRefusedWithTheReason()
    {
        var client = await App.SignInWithCookieAsync(LabApp.Editor);

        using var response = await LabApp.PostFormAsync(
            client, "/account/password", "password", new() { ["currentPassword"] = LabApp.Password, ["newPassword"] = "Welcome-2026!" });

        (await response.Content.ReadAsStringAsync()).ShouldContain("tried first");
    }

    [Fact]
    public async Task SignIns_AnotherOne_IsListedAndEnded()
    {
        var here = await App.SignInWithCookieAsync(LabApp.Viewer);
        var there = await App.SignInAsync(LabApp.Viewer);

        using var response = await LabApp.PostFormAsync(here, "/account/sign-ins", "end-others", []);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await there.GetAsync("/api/v1/auth/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await here.GetAsync("/api/v1/auth/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private Task<HttpResponseMessage> SignInAsync(string name, string password, string returnUrl = "") =>
        LabApp.PostFormAsync(
            App.CreateClient(),
            "/account/sign-in",
            "sign-in",
            new() { ["name"] = name, ["password"] = password, ["returnUrl"] = returnUrl });
}

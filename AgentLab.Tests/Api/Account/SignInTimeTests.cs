using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Api.Account;

public sealed class SignInTimeTests : IAsyncLifetime
{
    private readonly ShiftedTime _time = new();
    private LabApp _app = null!;

    public async Task InitializeAsync() =>
        _app = await LabApp.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(_time));

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Login_FiveWrongPasswords_LocksForFifteenMinutes()
    {
        await _app.UserIdAsync(LabApp.Editor);
        for (var i = 0; i < 5; i++)
        {
            (await LoginAsync("Wrong-Horse-7-Battery")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        (await LoginAsync(LabApp.Password)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        _time.Advance(TimeSpan.FromMinutes(14));
        (await LoginAsync(LabApp.Password)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        _time.Advance(TimeSpan.FromMinutes(2));
        (await LoginAsync(LabApp.Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Login_ManyWrongPasswordsAtOnce_CannotPassTheCount()
    {
        await _app.UserIdAsync(LabApp.Editor);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => LoginAsync("Wrong-Horse-7-Battery")));

        (await LoginAsync(LabApp.Password)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        _time.Advance(TimeSpan.FromMinutes(16));
        (await LoginAsync(LabApp.Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Login_RightPasswordBetweenWrongOnes_StartsTheCountAnew()
    {
        await _app.UserIdAsync(LabApp.Editor);
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 4; i++)
            {
                await LoginAsync("Wrong-Horse-7-Battery");
            }

            (await LoginAsync(LabApp.Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task AccessToken_AfterItsLifetime_IsRefusedAndRefreshRenewsIt()
    {
        var tokens = await _app.LoginAsync();
        _time.Advance(TimeSpan.FromMinutes(16));

        (await MeAsync(tokens)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var refreshed = await RefreshedAsync(tokens);

        (await MeAsync(refreshed)).StatusCode.ShouldBe(HttpStatusCode.OK);
        refreshed.GetProperty("refreshToken").GetString().ShouldNotBe(tokens.GetProperty("refreshToken").GetString());
    }

    [Fact]
    public async Task Refresh_UsedTokenWithinTheGrace_IsExchangedOnceMore()
    {
        var tokens = await _app.LoginAsync();
        await RefreshedAsync(tokens);
        _time.Advance(TimeSpan.FromSeconds(5));

        var again = await RefreshedAsync(tokens);

        (await MeAsync(again)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refresh_UsedTokenAfterTheGrace_EndsTheWholeFamily()
    {
        var tokens = await _app.LoginAsync();
        var next = await RefreshedAsync(tokens);
        _time.Advance(TimeSpan.FromSeconds(30));

        (await RefreshAsync(tokens)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        (await MeAsync(next)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await RefreshAsync(next)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Refresh_AfterItsLifetime_IsRefused()
    {
        var tokens = await _app.LoginAsync();
        _time.Advance(TimeSpan.FromDays(15));

        (await RefreshAsync(tokens)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Cookie_UsedNowAndThen_OutlivesItsFirstEnd()
    {
        var client = await _app.SignInWithCookieAsync();
        for (var hours = 0; hours < 15; hours += 5)
        {
            _time.Advance(TimeSpan.FromHours(5));
            using var response = await client.GetAsync("/api/v1/auth/me");
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            if (response.Headers.TryGetValues("Set-Cookie", out var renewed))
            {
                client.DefaultRequestHeaders.Remove("Cookie");
                client.DefaultRequestHeaders.Add("Cookie", renewed.Single().Split(';')[0]);
            }
        }

        _time.Advance(TimeSpan.FromHours(13));
        (await client.GetAsync("/api/v1/auth/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private Task<HttpResponseMessage> LoginAsync(string password) =>
        _app.CreateClient().PostAsJsonAsync("/api/v1/auth/login", new { email = LabApp.Editor, password });

    private Task<HttpResponseMessage> RefreshAsync(JsonElement tokens) =>
        _app.CreateClient().PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken = tokens.GetProperty("refreshToken").GetString() });

    private async Task<JsonElement> RefreshedAsync(JsonElement tokens)
    {
        using var response = await RefreshAsync(tokens);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<HttpResponseMessage> MeAsync(JsonElement tokens)
    {
        var client = _app.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", tokens.GetProperty("accessToken").GetString());
        return await client.GetAsync("/api/v1/auth/me");
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;

namespace AgentLab.Tests.Api.Account;

public sealed class SameOriginTests(LabAppFixture fixture) : IClassFixture<LabAppFixture>
{
    private LabApp App => fixture.App;

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task CookieWrite_FromAnotherSite_IsRefused(string header, string value)
    {
        var client = await ClientAsync();
        client.DefaultRequestHeaders.Add(header, value);

        using var response = await client.PostAsync("/api/v1/auth/logout", null);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("cross_origin");
        client.DefaultRequestHeaders.Remove(header);
        (await client.GetAsync("/api/v1/auth/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task CookieWrite_FromOwnPages_Passes()
    {
        var client = await App.SignInWithCookieAsync(LabApp.Editor);

        using var response = await client.PostAsync("/api/v1/auth/logout", null);

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task BearerWrite_FromAnotherSite_Passes()
    {
        var client = await App.SignInAsync(LabApp.Editor);
        client.DefaultRequestHeaders.Add("Origin", "https://tools.example");

        using var response = await client.PostAsync("/api/v1/auth/logout", null);

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task WebSocket_FromAnotherSite_IsRefused()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "https://evil.example");
        socket.Options.SetRequestHeader("Cookie", await App.CookieAsync(LabApp.Editor));
        socket.Options.CollectHttpResponseDetails = true;

        await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(
            new UriBuilder(App.BaseAddress) { Scheme = "ws", Path = "/_blazor" }.Uri, CancellationToken.None));

        socket.HttpStatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private async Task<HttpClient> ClientAsync()
    {
        var client = App.CreateClient();
        client.DefaultRequestHeaders.Add("Cookie", await App.CookieAsync(LabApp.Editor));
        return client;
    }
}

using System.Net;

namespace AgentLab.Tests.Api.Dashboard;

public sealed class DashboardApiTests(SpokenApp fixture) : IClassFixture<SpokenApp>
{
    [Fact]
    public async Task Get_AfterARun_CountsItForItsOwnerAndForAdministratorsWhoAskForAll()
    {
        using var editor = await fixture.App.SignInAsync(LabApp.Editor);
        using var other = await fixture.App.SignInAsync(LabApp.Other);
        using var admin = await fixture.App.SignInAsync();
        await editor.AskAsync("What is 2 + 3?");

        // A run may end just before midnight: a week holds it either way.
        var own = await (await editor.GetAsync("/api/v1/dashboard?period=week")).JsonAsync();
        var others = await (await other.GetAsync("/api/v1/dashboard?period=week")).JsonAsync();
        var all = await (await admin.GetAsync("/api/v1/dashboard?period=week&owner=all")).JsonAsync();

        own.GetProperty("ended").GetProperty("completed").GetInt64().ShouldBeGreaterThan(0);
        own.GetProperty("buckets").GetArrayLength().ShouldBe(7);
        own.GetProperty("latency").GetProperty("durationMs").GetProperty("p95").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
        own.GetProperty("workers")[0].Text("kind").ShouldBe("agent");
        own.GetProperty("workers")[0].Text("name").ShouldBe("Analyst");
        own.GetProperty("projects")[0].Text("name").ShouldBe("Default");
        own.GetProperty("cluster").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        others.GetProperty("ended").GetProperty("completed").GetInt64().ShouldBe(0);
        all.GetProperty("ended").GetProperty("completed").GetInt64().ShouldBeGreaterThan(0);
        all.GetProperty("cluster").GetProperty("nodes").GetArrayLength().ShouldBe(1);
        all.GetProperty("cluster").GetProperty("degraded").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("period=year", "period")]
    [InlineData("period=0", "period")]
    [InlineData("owner=all", "owner")]
    [InlineData("owner=someone", "owner")]
    public async Task Get_WhatCannotBe_NamesTheField(string query, string field)
    {
        using var editor = await fixture.App.SignInAsync(LabApp.Editor);

        using var response = await editor.GetAsync($"/api/v1/dashboard?{query}");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.JsonAsync()).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Get_WithoutSignIn_IsRefused()
    {
        using var response = await fixture.App.CreateClient().GetAsync("/api/v1/dashboard");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}

using System.Net;
using System.Text;
using System.Text.Json;
using AgentLab.Tests.Api;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Web.Hosting;

public sealed class ProblemsTests(ProblemsTests.Fixture fixture) : IClassFixture<ProblemsTests.Fixture>
{
    [Theory]
    [InlineData("GET", "/api/v1/nothing", null, 404, "not_found")]
    [InlineData("PUT", "/api/v1/auth/me", null, 405, "method_not_allowed")]
    [InlineData("POST", "/api/v1/auth/refresh", "{\"refreshToken\":", 400, "malformed_request")]
    [InlineData("POST", "/api/v1/auth/refresh", "{\"refreshToken\":7}", 400, "malformed_request")]
    [InlineData("POST", "/api/v1/auth/refresh", "{}", 400, "invalid")]
    [InlineData("GET", "/api/test/throw", null, 500, "internal_error")]
    public async Task Failure_OfAnyKind_IsAProblemOfOneShape(string method, string path, string? body, int status, string code)
    {
        var client = await fixture.App.SignInAsync();
        var request = new HttpRequestMessage(new(method), path);
        request.Headers.Add("X-Request-Id", "my-request.1");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await client.SendAsync(request);

        ((int)response.StatusCode).ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        response.Headers.GetValues("X-Request-Id").Single().ShouldBe("my-request.1");
        var text = await response.Content.ReadAsStringAsync();
        var problem = JsonDocument.Parse(text).RootElement;
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("code").GetString().ShouldBe(code);
        problem.GetProperty("traceId").GetString().ShouldBe("my-request.1");
        problem.GetProperty("title").GetString().ShouldBe(ErrorTable.Get(code).Title);
        problem.GetProperty("instance").GetString().ShouldBe(path);
        response.Headers.Contains("Content-Security-Policy").ShouldBeTrue();
        text.ShouldNotContain("   at ");
        text.ShouldNotContain("secret insides");
    }

    [Fact]
    public async Task Failure_OfAPage_IsAPageForPeople()
    {
        var client = await fixture.App.SignInWithCookieAsync();

        using var response = await client.SendAsync(LabApp.Page(HttpMethod.Get, "/test-throw"));

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        var html = await response.Content.ReadAsStringAsync();
        html.ShouldContain("internal_error");
        html.ShouldNotContain("secret insides");
    }

    [Theory]
    [InlineData("has space")]
    [InlineData("<script>")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task RequestId_OutsideItsCharacters_IsReplaced(string id)
    {
        using var client = fixture.App.CreateClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Request-Id", id);

        using var response = await client.GetAsync("/health/live");

        response.Headers.GetValues("X-Request-Id").Single().ShouldNotBe(id);
        response.Headers.GetValues("X-Request-Id").Single().ShouldMatch("^[0-9a-f]{32}$");
    }

    [Fact]
    public void Table_EachCode_HasARowAndIsDocumented()
    {
        var codes = typeof(ErrorCodes).GetFields().Select(f => (string)f.GetValue(null)!).ToList();
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "errors.md"));

        ErrorTable.Entries.Select(e => e.Code).ShouldBe(codes, ignoreOrder: true);
        ErrorTable.Entries.Select(e => e.Code).ShouldBeUnique();
        foreach (var entry in ErrorTable.Entries)
        {
            var retry = entry.Retry ? "yes" : "no";
            text.ShouldContain($"| `{entry.Code}` | {entry.Status} | {entry.Title} | {entry.Mend} | {retry} |");
        }
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public LabApp App { get; private set; } = null!;

        public async Task InitializeAsync() => App = await LabApp.StartAsync(builder => builder.Services.AddSingleton<IStartupFilter, Throwing>());

        public async Task DisposeAsync() => await App.DisposeAsync();
    }

    private sealed class Throwing : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            next(app);
            app.Use((HttpContext context, RequestDelegate rest) =>
                context.Request.Path.Value!.EndsWith("throw", StringComparison.Ordinal)
                    ? throw new InvalidOperationException("secret insides")
                    : rest(context));
        };
    }
}

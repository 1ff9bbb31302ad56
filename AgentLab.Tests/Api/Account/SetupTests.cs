using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Core.Identity;
using AgentLab.Web.Features.Account.Setup;
using AgentLab.Web.Hosting.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Api.Account;

public sealed class SetupTests
{
    private static readonly Dictionary<string, string> Form = new() { ["email"] = "first@lab.test", ["password"] = LabApp.Password };

    [Fact]
    public async Task Anything_BeforeSetup_LeadsThere()
    {
        await using var app = await LabApp.StartAsync(setUp: false);
        using var client = app.CreateClient();

        using var page = await client.SendAsync(LabApp.Page(HttpMethod.Get, "/"));
        using var call = await client.PostAsJsonAsync("/api/v1/auth/login", new { email = "a", password = "b" });
        using var live = await client.GetAsync("/health/live");
        using var style = await client.GetAsync("/favicon.svg");

        page.StatusCode.ShouldBe(HttpStatusCode.Found);
        page.Headers.Location!.ToString().ShouldBe("/setup");
        call.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await call.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("setup_required");
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
        style.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Setup_FromThisMachine_MakesTheAdministratorOnceAndSignsIn()
    {
        await using var app = await LabApp.StartAsync(setUp: false);
        using var client = app.CreateClient();

        using var made = await LabApp.PostFormAsync(client, "/setup", "setup", new(Form));
        using var again = await client.SendAsync(LabApp.Page(HttpMethod.Get, "/setup"));

        made.StatusCode.ShouldBe(HttpStatusCode.Found);
        made.Headers.GetValues("Set-Cookie").ShouldContain(c => c.StartsWith("agentlab=", StringComparison.Ordinal));
        again.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var accounts = await app.Services.GetRequiredService<IAccounts>().ListAsync(null, 10, CancellationToken.None);
        accounts.Single().Role.ShouldBe(ActorRole.Admin);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("Forwarded", "for=203.0.113.7")]
    [InlineData("Host", "lab.example")]
    public async Task Setup_NotCertainlyFromThisMachine_NeedsTheCode(string header, string value)
    {
        await using var app = await LabApp.StartAsync(setUp: false);
        using var client = app.CreateClient();
        client.DefaultRequestHeaders.Add(header, value);

        using var without = await LabApp.PostFormAsync(client, "/setup", "setup", new(Form));
        using var wrong = await LabApp.PostFormAsync(client, "/setup", "setup", new(Form) { ["code"] = "AAAAA-AAAAA" });
        var code = app.Services.GetRequiredService<SetupGate>().Code;
        using var right = await LabApp.PostFormAsync(client, "/setup", "setup", new(Form) { ["code"] = code.ToLowerInvariant() });

        without.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        wrong.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        right.StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Setup_WeakPassword_IsRefusedWithReasons()
    {
        await using var app = await LabApp.StartAsync(setUp: false);

        using var response = await LabApp.PostFormAsync(
            app.CreateClient(), "/setup", "setup", new() { ["email"] = "not-an-address", ["password"] = "short" });

        var html = await response.Content.ReadAsStringAsync();
        html.ShouldContain("at least 12 characters");
        html.ShouldContain("is invalid");
        (await app.Services.GetRequiredService<SetupGate>().IsNeededAsync(CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task Setup_TwoAtOnce_MakeOneAdministrator()
    {
        await using var app = await LabApp.StartAsync(setUp: false);
        var accounts = app.Services.GetRequiredService<IAccounts>();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(i =>
            accounts.CreateFirstAdministratorAsync(new($"a{i}@lab.test", LabApp.Password, ActorRole.Admin), CancellationToken.None)));

        outcomes.Count(o => o.Ok).ShouldBe(1);
        outcomes.Where(o => !o.Ok).ShouldAllBe(o => o.Error!.Code == "conflict");
    }

    [Fact]
    public async Task Setup_FromSecretFiles_NeedsNoPage()
    {
        var folder = Directory.CreateTempSubdirectory("agentlab-secrets-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "email"), "ops@lab.test\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), LabApp.Password + "\n");
        await using var app = await LabApp.StartAsync(
            builder =>
            {
                builder.Configuration["AgentLab:Admin:EmailFile"] = Path.Combine(folder, "email");
                builder.Configuration["AgentLab:Admin:PasswordFile"] = Path.Combine(folder, "password");
            },
            setUp: false);

        using var response = await app.CreateClient().PostAsJsonAsync("/api/v1/auth/login", new { email = "ops@lab.test", password = LabApp.Password });

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Setup_FromSettingsWithAWeakPassword_RefusesToStart()
    {
        var refused = await Should.ThrowAsync<SettingsRefusedException>(() => LabApp.StartAsync(Weak));

        refused.Faults.ShouldContain(f => f.StartsWith("AgentLab:Admin, password:", StringComparison.Ordinal));

        static void Weak(WebApplicationBuilder builder) => builder.Configuration["AgentLab:Admin:Password"] = "Admin-12345678";
    }
}

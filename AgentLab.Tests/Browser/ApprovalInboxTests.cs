using System.Text.Json;
using AgentLab.Core.Agents;
using AgentLab.Core.Approvals;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Tests.Api;
using AgentLab.Tests.Fakes.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

/// <summary>The inbox and the bell: live, for agents and workflows alike. Each test has a program of its own, whose questions are its own.</summary>
[Collection(BrowserTests.Name)]
public sealed class ApprovalInboxTests(BrowserFixture browser)
{
    private const string Careful = "Careful";

    [Fact]
    public async Task Question_OfAnAgent_IsSeenInTheLabAndAnsweredFromTheInbox()
    {
        await using var app = await CarefulAppAsync();
        await using var visitor = await browser.VisitAsync(app);
        var page = visitor.Page;
        await visitor.StartWithAsync(Careful);
        await visitor.AskAsync("What is 12.5% of 480?");
        var card = Question(page, "Call Calculator?");
        await Assertions.Expect(card.GetByRole(AriaRole.Button, new() { Name = "Allow for this session" })).ToBeVisibleAsync();
        await Assertions.Expect(Bell(page)).ToHaveAccessibleNameAsync("Approvals: 1 question waits for you");
        await visitor.ShootAsync("approval-in-the-lab");
        var session = visitor.Session;

        await Bell(page).ClickAsync();
        await visitor.AtAsync("/approvals$");
        await card.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await card.GetByLabel("What is approved, as JSON").FillAsync("""{"expression": 3}""");
        await card.GetByRole(AriaRole.Button, new() { Name = "Approve as edited" }).ClickAsync();
        await Assertions.Expect(card.GetByRole(AriaRole.Alert)).ToContainTextAsync("expression");
        await card.GetByLabel("What is approved, as JSON").FillAsync("""{"expression": "2 + 3"}""");
        await card.GetByRole(AriaRole.Button, new() { Name = "Approve as edited" }).ClickAsync();

        await Assertions.Expect(page.GetByText("Nothing waits for you").First).ToBeVisibleAsync();
        await Assertions.Expect(Bell(page)).ToHaveAccessibleNameAsync("Approvals: nothing waits for you");
        await page.GetByLabel("State").SelectOptionAsync("decided");
        await Assertions.Expect(page.GetByText("Approved with changed arguments.")).ToBeVisibleAsync();
        await visitor.GoAsync($"/lab/{session}");
        await visitor.EndedAsync();
        await Assertions.Expect(visitor.Answers.Last).ToContainTextAsync("5");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Question_OfAWorkflow_AppearsByItselfAndIsRejectedWithAReason()
    {
        await using var app = await browser.StartAppAsync();
        await using var visitor = await browser.VisitAsync(app);
        var page = visitor.Page;
        await visitor.GoAsync("/approvals");
        await Assertions.Expect(page.GetByText("Nothing waits for you").First).ToBeVisibleAsync();

        var run = await AskByWorkflowAsync(app);
        var card = Question(page, "Send this offer?");
        await Assertions.Expect(card.GetByText("4,200").Or(card.GetByText("4200"))).ToBeVisibleAsync();
        await Assertions.Expect(Bell(page)).ToHaveAccessibleNameAsync("Approvals: 1 question waits for you");
        await card.GetByLabel("Reason").FillAsync("Too early.");
        await card.GetByRole(AriaRole.Button, new() { Name = "Reject" }).ClickAsync();

        await Assertions.Expect(card).ToHaveCountAsync(0);
        var state = app.Services.GetRequiredService<IWorkflowRuns>();
        var actor = await BrowserFixture.AdministratorAsync(app);
        await Eventually.TrueAsync(async () => (await state.FindAsync(run, actor, CancellationToken.None))!.Status == "completed");
        (await state.FindAsync(run, actor, CancellationToken.None))!.Output!.Value.GetProperty("reason").GetString().ShouldBe("Too early.");
        visitor.ShouldBeClean();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 1440)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Inbox_InEveryThemeAndWidth_IsOpenToAll(ColorScheme scheme, int width)
    {
        await using var app = await CarefulAppAsync();
        await AskByWorkflowAsync(app);
        await AskByAgentAsync(app);
        await using var visitor = await browser.VisitAsync(app, width: width, height: width == 390 ? 844 : 900, scheme: scheme);
        var page = visitor.Page;
        var look = $"{scheme.ToString().ToLowerInvariant()}-{width}";

        await visitor.GoAsync("/approvals");
        await Assertions.Expect(page.Locator(".question")).ToHaveCountAsync(2);
        await Assertions.Expect(Bell(page)).ToHaveAccessibleNameAsync("Approvals: 2 questions wait for you");
        await CheckAsync(visitor, $"approvals-{look}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow for this session" }).ClickAsync();
        await Assertions.Expect(page.Locator(".question")).ToHaveCountAsync(1);
        await page.GetByLabel("State").SelectOptionAsync("decided");
        await Assertions.Expect(page.GetByText("Approved, and allowed for this session.")).ToBeVisibleAsync();
        await CheckAsync(visitor, $"approvals-decided-{look}");
        visitor.ShouldBeClean();
    }

    private static ILocator Bell(IPage page) => page.GetByRole(AriaRole.Banner).GetByRole(AriaRole.Link, new() { NameRegex = new("^Approvals:") });

    private static ILocator Question(IPage page, string title) => page.GetByRole(AriaRole.Article, new() { Name = title });

    private static async Task CheckAsync(Visitor visitor, string name)
    {
        await visitor.ShootAsync(name);
        await visitor.CheckAccessAsync(name);
        (await visitor.ScrollsSidewaysAsync()).ShouldBeFalse($"{name}: the page scrolls sideways.");
    }

    /// <summary>A program with an agent that asks before it calculates.</summary>
    private async Task<LabApp> CarefulAppAsync()
    {
        var app = await browser.StartAppAsync();
        var definition = new AgentDefinition
        {
            Name = Careful,
            Description = "Asks before it calculates.",
            Instructions = "Calculate.",
            Tools = ["calculator"],
            Approvals = new ApprovalPolicy { Ask = AskWhen.Never, Tools = ["calculator"] },
        };
        var actor = await BrowserFixture.AdministratorAsync(app);
        (await app.Services.GetRequiredService<IAgentStore>().CreateAsync(definition, AgentStatus.Active, actor, CancellationToken.None)).Ok.ShouldBeTrue();
        return app;
    }

    private static async Task AskByAgentAsync(LabApp app)
    {
        var actor = await BrowserFixture.AdministratorAsync(app);
        var started = await app.Services.GetRequiredService<ISessionCommands>().StartAsync(new StartSession("careful", "What is 12.5% of 480?"), actor, CancellationToken.None);
        started.Ok.ShouldBeTrue(started.Error?.Message);
        await WaitsAsync(app, started.Value!.Session.Id, actor);
    }

    private static async Task<RunId> AskByWorkflowAsync(LabApp app)
    {
        var definition = new Drawn().Node("ask", "approval", """{"title": "Send this offer?", "message": "The customer **waits** since Monday.", "details": {"customer": "Papier & Co", "total": 4200}}""")
            .Path("start > ask").Done();
        var actor = await BrowserFixture.AdministratorAsync(app);
        var started = await app.Services.GetRequiredService<IWorkflowRuns>()
            .StartAsync(new StartWorkflowRun { Definition = definition, Input = JsonElement.Parse("{}") }, actor, CancellationToken.None);
        started.Ok.ShouldBeTrue(started.Error?.Message);
        await WaitsAsync(app, started.Value!.SessionId, actor);
        return started.Value.RunId;
    }

    private static Task WaitsAsync(LabApp app, SessionId session, Actor actor) => Eventually.TrueAsync(async () =>
        (await app.Services.GetRequiredService<IApprovals>().ListAsync(new ApprovalQuery { Limit = 100 }, actor, CancellationToken.None)).Items.Any(item => item.Entry.Wait.SessionId == session));
}

using AgentLab.Core.Tasks;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows;
using AgentLab.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class TaskPagesTests(BrowserFixture browser)
{
    [Fact]
    public async Task Task_MadeWatchedCancelledAndTriedAgain_ShowsEachOnThePages()
    {
        var workflow = await WaitingWorkflowAsync();
        await using var visitor = await browser.VisitAsync();
        var page = visitor.Page;
        await visitor.GoAsync("/tasks/new");

        // Without a description it is refused, and what was typed stays.
        await page.GetByLabel("Title", new() { Exact = true }).FillAsync("Ask the warehouse");
        await page.GetByRole(AriaRole.Button, new() { Name = "Queue task" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Description")).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(page.GetByLabel("Title", new() { Exact = true })).ToHaveValueAsync("Ask the warehouse");
        await visitor.CheckAccessAsync("task with a fault");

        await page.GetByLabel("Description").FillAsync("Ask the warehouse whether order 4711 has left.");
        await page.GetByLabel("Done by").SelectOptionAsync(new SelectOptionValue { Label = workflow });
        await page.GetByRole(AriaRole.Button, new() { Name = "Queue task" }).ClickAsync();
        await visitor.AtAsync("/tasks/[0-9a-f-]{36}$");
        await HeadingAsync(page, "Waits");
        await Assertions.Expect(visitor.Timeline).ToContainTextAsync("Run");
        await Assertions.Expect(page.GetByLabel("Title", new() { Exact = true })).ToBeDisabledAsync();
        await visitor.ShootAsync("task-waits");

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel task" }).ClickAsync();
        await HeadingAsync(page, "Cancelled");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await HeadingAsync(page, "Waits");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Session of attempt 2" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel task" }).ClickAsync();
        await HeadingAsync(page, "Cancelled");

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete task" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete the task" }).ClickAsync();
        await visitor.AtAsync("/tasks$");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Task_OnASchedule_ShowsItsNextRunsAndRunsNow()
    {
        await using var visitor = await browser.VisitAsync();
        var page = visitor.Page;
        await visitor.GoAsync("/tasks/new");
        await page.GetByLabel("Title", new() { Exact = true }).FillAsync("Weekly sums");
        await page.GetByLabel("Description").FillAsync("Which region brought the most revenue?");
        await page.GetByLabel("Done by").SelectOptionAsync(new SelectOptionValue { Label = "Analyst" });
        await page.GetByLabel("It runs").SelectOptionAsync(TaskForms.Repeat);
        await page.GetByLabel("How often").SelectOptionAsync("week");
        await page.GetByLabel("Day", new() { Exact = true }).SelectOptionAsync("1");
        await page.GetByLabel("Time zone").FillAsync("Europe/Berlin");
        await page.GetByLabel("Time zone").BlurAsync();
        var times = page.GetByRole(AriaRole.Region, new() { Name = "Next runs" });
        await Assertions.Expect(times).ToContainTextAsync("Every Monday at 09:00, by the clock of Europe/Berlin");
        await Assertions.Expect(times.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(5);

        await page.GetByRole(AriaRole.Button, new() { Name = "Schedule task" }).ClickAsync();
        await HeadingAsync(page, "Planned");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run now" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Attempts" })).ToContainTextAsync("Done", new() { Timeout = 60_000 });
        await HeadingAsync(page, "Planned");
        await visitor.CheckAccessAsync("task on a schedule");
        await visitor.ShootAsync("task-schedule");

        await visitor.GoAsync("/tasks?repeats=true");
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Weekly sums" })).ToContainTextAsync("Planned");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task List_OpenWhileTasksChange_FollowsThem()
    {
        await using var visitor = await browser.VisitAsync();
        var (page, title) = (visitor.Page, $"Followed {Guid.NewGuid():N}");
        await visitor.GoAsync($"/tasks?q={title}");
        await Assertions.Expect(page.GetByText("Nothing matches")).ToBeVisibleAsync();

        var tasks = browser.App.Services.GetRequiredService<ITasks>();
        var actor = await BrowserFixture.AdministratorAsync(browser.App);
        var made = await tasks.CreateAsync(
            new TaskDefinition { Title = title, Description = "Nothing to do for now.", Agent = "analyst" }, queue: false, actor, CancellationToken.None);
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = title })).ToContainTextAsync("Draft");
        await tasks.CancelAsync(made.Value!.Id, actor, CancellationToken.None);
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = title })).ToContainTextAsync("Cancelled");
        visitor.ShouldBeClean();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 1440)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Pages_InEveryThemeAndWidth_AreOpenToAll(ColorScheme scheme, int width)
    {
        var tasks = browser.App.Services.GetRequiredService<ITasks>();
        var actor = await BrowserFixture.AdministratorAsync(browser.App);
        var definition = new TaskDefinition { Title = "Sum up the orders of the week by region", Description = "Sum up the orders of the week by region.", Agent = "analyst", Priority = 4 };
        await tasks.CreateAsync(definition with { Schedule = new() { Cron = "0 9 * * 1-5", TimeZone = "Europe/Berlin" } }, queue: true, actor, CancellationToken.None);
        var done = await tasks.CreateAsync(definition, queue: true, actor, CancellationToken.None);
        await Eventually.TrueAsync(async () => (await tasks.FindAsync(done.Value!.Id, actor, CancellationToken.None))!.Status == LabTaskStatus.Completed);
        await using var visitor = await browser.VisitAsync(width: width, height: width == 390 ? 844 : 900, scheme: scheme);
        var look = $"{scheme.ToString().ToLowerInvariant()}-{width}";

        foreach (var (name, path, shows) in new[] { ("tasks", "/tasks", definition.Title), ("task", $"/tasks/{done.Value!.Id}", "Attempts"), ("task-new", "/tasks/new", "Save as draft") })
        {
            await visitor.GoAsync(path);
            await Assertions.Expect(visitor.Page.GetByText(shows).First).ToBeVisibleAsync();
            await Assertions.Expect(visitor.Page.Locator(".skeleton")).ToHaveCountAsync(0);
            (await visitor.ScrollsSidewaysAsync()).ShouldBeFalse(name);
            await visitor.CheckAccessAsync($"{name} {look}");
            await visitor.ShootAsync($"{name}-{look}");
        }

        visitor.ShouldBeClean();
    }

    private static Task HeadingAsync(IPage page, string status) =>
        Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(status, new() { Timeout = 60_000 });

    private async Task<string> WaitingWorkflowAsync()
    {
        var store = browser.App.Services.GetRequiredService<IWorkflowStore>();
        var actor = await BrowserFixture.AdministratorAsync(browser.App);
        var name = $"Waits {Guid.NewGuid():N}";
        var made = await store.CreateAsync(
            new WorkflowDefinition
            {
                Name = name,
                Nodes =
                [
                    new WorkflowNode { Id = "start", Kind = "manual_trigger", Name = "Start" },
                    new WorkflowNode { Id = "call", Kind = "wait", Name = "Wait", Settings = System.Text.Json.JsonElement.Parse("""{"for": "request"}""") },
                ],
                Edges = [new WorkflowEdge("next", "start", "out", "call", "in")],
            },
            actor, CancellationToken.None);
        made.Errors.ShouldBeEmpty();
        (await store.PublishAsync(made.Value!.Id, made.Value.Revision, "", actor, CancellationToken.None)).Errors.ShouldBeEmpty();
        return name;
    }
}

/// <summary>Values of the form's lists.</summary>
file static class TaskForms
{
    public const string Repeat = "repeat";
}

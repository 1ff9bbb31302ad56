using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace AgentLab.Tests.Browser;

/// <summary>Runs seen in the browser: started, watched, answered, stopped, replayed, compared; and what it takes to get to a result.</summary>
[Collection(BrowserTests.Name)]
public sealed class WorkflowRunTests(BrowserFixture browser, ITestOutputHelper output)
{
    /// <summary>Notes when each node first shows that it is done, in milliseconds of UTC.</summary>
    private const string SeeStates = """
        () => {
          window.seenDone = {};
          new MutationObserver(() => { for (const step of document.querySelectorAll(".step.is-done")) window.seenDone[step.closest(".react-flow__node").dataset.id] ??= performance.timeOrigin + performance.now(); })
            .observe(document.querySelector(".canvas-area"), { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
        }
        """;

    [Fact]
    public async Task FromTheListToAVisibleOutput_WithThreeNodes_TakesEightClicksAtMost()
    {
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, browser.App);
        await visitor.GoAsync("/workflows");
        await desk.ClickAsync(desk.Page.GetByRole(AriaRole.Button, new() { Name = "New workflow" }).First);
        await desk.ReadyAsync();
        await desk.ClickAsync(desk.Kind("manual_trigger"));
        await desk.DraftAsync(draft => draft.Nodes.Count == 1);
        var before = desk.Clicks;
        await desk.ClickAsync(desk.Kind("set_values"));
        output.WriteLine($"a further node: {desk.Clicks - before} click");
        await desk.ClickAsync(desk.Dock.GetByPlaceholder("Name"));
        await desk.TypeAsync("greeting");
        await desk.PressAsync("Tab");
        await desk.TypeAsync("hello");
        await desk.DraftAsync(draft => draft.Nodes[1].Settings.GetRawText().Contains("hello", StringComparison.Ordinal));
        await desk.ClickAsync(desk.Page.GetByRole(AriaRole.Button, new() { Name = "Add node" }));
        await desk.ClickAsync(desk.Kind("respond"));
        await desk.DraftAsync(draft => draft.Nodes.Count == 3);
        await desk.ClickAsync(desk.Page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }));

        await Assertions.Expect(desk.RunState).ToHaveTextAsync("Done");
        await Assertions.Expect(desk.Dock.GetByRole(AriaRole.Region, new() { Name = "Result" })).ToContainTextAsync("hello");
        output.WriteLine($"from the list to the output: {desk.Clicks} clicks");
        desk.Clicks.ShouldBeLessThanOrEqualTo(8);
        await visitor.ShootAsync("workflow-run");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task FromTheListToAVisibleOutput_ByKeys_TakesFifteenAtMost()
    {
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, browser.App);
        await visitor.GoAsync("/workflows");
        await desk.PressAsync("n");
        await desk.ReadyAsync();
        await Assertions.Expect(desk.Page.Locator(".first-step")).ToBeFocusedAsync();
        await desk.PressAsync("Enter");
        await Assertions.Expect(desk.Page.Locator(".picker input")).ToBeFocusedAsync();
        await desk.PressAsync("Enter");
        await desk.DraftAsync(draft => draft.Nodes is [{ Kind: "manual_trigger" }]);
        foreach (var word in (string[])["par", "res"])
        {
            await Assertions.Expect(desk.Canvas).ToBeFocusedAsync();
            var before = desk.Keys;
            await desk.PressAsync("n");
            await Assertions.Expect(desk.Page.Locator(".picker input")).ToBeFocusedAsync();
            await desk.TypeAsync(word);
            await desk.PressAsync("Enter");
            output.WriteLine($"a further node: {desk.Keys - before} keys");
            (desk.Keys - before).ShouldBeLessThanOrEqualTo(5);
        }

        await desk.DraftAsync(draft => draft.Nodes.Count == 3);
        await desk.PressAsync("Control+Enter");
        await Assertions.Expect(desk.RunState).ToHaveTextAsync("Done");
        await Assertions.Expect(desk.Dock.GetByRole(AriaRole.Region, new() { Name = "Result" })).ToBeVisibleAsync();
        output.WriteLine($"from the list to the output: {desk.Keys} keys");
        desk.Keys.ShouldBeLessThanOrEqualTo(15);
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Run_OfADraft_LightsTheNodesAndShowsChangedFieldsFirst()
    {
        var workflow = await WorkflowDesk.MakeAsync(browser.App, WorkflowDesk.Row("Watched", 4, columns: 2));
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, browser.App);
        await desk.OpenAsync(workflow.Summary.Slug);
        await Assertions.Expect(desk.Nodes).ToHaveCountAsync(5);
        await desk.Page.EvaluateAsync(SeeStates);
        await desk.Page.Keyboard.PressAsync("Control+Enter");

        await Assertions.Expect(desk.RunState).ToHaveTextAsync("Done");
        await Assertions.Expect(desk.Page.Locator(".step.is-done")).ToHaveCountAsync(5);
        await PrintDelaysAsync(desk);
        var row = desk.Dock.Locator(".value-view .line").First;
        await Assertions.Expect(row).ToContainTextAsync("v4");
        await Assertions.Expect(row).ToContainTextAsync("new");

        // One duration for one node, wherever it stands.
        await desk.Dock.Locator(".node", new() { HasText = "Set 4" }).ClickAsync();
        var listed = await desk.Dock.Locator(".node", new() { HasText = "Set 4" }).Locator(".took").InnerTextAsync();
        (await desk.Node("Set 4").Locator(".step-status").InnerTextAsync()).ShouldContain(listed);

        // And one for the run, in the panel and at the end of its replay.
        var took = await desk.Dock.Locator(".state > .num").InnerTextAsync();
        await Assertions.Expect(desk.Page.Locator(".replay .word")).ToContainTextAsync($" · {took} · Run is done");
        await visitor.ShootAsync("workflow-watched");

        await desk.Dock.GetByRole(AriaRole.Tab, new() { Name = "Timeline" }).ClickAsync();
        await Assertions.Expect(visitor.Timeline).ToBeVisibleAsync();
        await visitor.ShootAsync("workflow-timeline");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Replay_OfARun_ShowsItAsItWas()
    {
        var workflow = await WorkflowDesk.MakeAsync(browser.App, WorkflowDesk.Row("Replayed", 3));
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, browser.App);
        await desk.OpenAsync(workflow.Summary.Slug);
        await desk.Page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(desk.RunState).ToHaveTextAsync("Done");
        var address = desk.Page.Url;

        await desk.Page.GotoAsync(address);
        await visitor.StartedAsync();
        await Assertions.Expect(desk.Page.Locator(".step.is-done")).ToHaveCountAsync(4);
        await desk.Page.GetByLabel("Place in the run").FocusAsync();
        await desk.Page.Keyboard.PressAsync("Home");
        await Assertions.Expect(desk.Page.Locator(".step.is-done")).ToHaveCountAsync(0);
        await desk.Page.Keyboard.PressAsync("End");
        await Assertions.Expect(desk.Page.Locator(".step.is-done")).ToHaveCountAsync(4);
        await visitor.ShootAsync("workflow-replay");

        await desk.Page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(desk.Page).Not.ToHaveURLAsync(address);
        await Assertions.Expect(desk.RunState).ToHaveTextAsync("Done");
        await visitor.GoAsync($"/workflows/{workflow.Summary.Slug}/runs");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).First.ClickAsync();
        await desk.Page.GetByRole(AriaRole.Link, new() { Name = "With this" }).ClickAsync();
        await Assertions.Expect(desk.Page.GetByText("Both did the same.")).ToBeVisibleAsync();
        await visitor.ShootAsync("workflow-compare");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Approval_ServerRestartedMeanwhile_IsAnsweredInPlaceAndTheRunEnds()
    {
        var directory = Directory.CreateTempSubdirectory("agentlab-approval-").FullName;
        try
        {
            await AnswerAfterRestartAsync(directory);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Run_ThatCannotStart_SaysWhyAndLeadsToTheField()
    {
        var definition = new WorkflowDefinition
        {
            Name = "Not ready",
            Nodes = [new() { Id = "start", Kind = "manual_trigger", Name = "Start" }, new() { Id = "set", Kind = "set_values", Name = "Empty", X = 336 }],
            Edges = [new("e", "start", "out", "set", "in")],
        };
        var workflow = await WorkflowDesk.MakeAsync(browser.App, definition);
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, browser.App);
        await desk.OpenAsync(workflow.Summary.Slug);
        await desk.Page.Keyboard.PressAsync("Control+Enter");
        var problem = desk.Page.GetByRole(AriaRole.Region, new() { Name = "Problems" }).GetByRole(AriaRole.Listitem);
        await Assertions.Expect(problem).ToContainTextAsync("Empty");
        (await problem.InnerTextAsync()).Split(' ').Length.ShouldBeLessThanOrEqualTo(24);

        await problem.GetByRole(AriaRole.Button).First.ClickAsync();
        await Assertions.Expect(desk.Dock.GetByLabel("Name of the node")).ToHaveValueAsync("Empty");
        await Assertions.Expect(desk.Dock.GetByPlaceholder("Name")).ToBeFocusedAsync();
        await visitor.ShootAsync("workflow-problem");
        visitor.ShouldBeClean();
    }

    [Fact]
    public async Task Input_OfTheSchema_IsAskedForOnceAndRemembered()
    {
        var definition = WorkflowDesk.Row("With input", 1) with { Input = JsonElement.Parse("""{"type":"object","properties":{"order":{"type":"string","title":"Order"}},"required":["order"]}""") };
        var workflow = await WorkflowDesk.MakeAsync(browser.App, definition);
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, browser.App);
        await desk.OpenAsync(workflow.Summary.Slug);
        await desk.Page.Keyboard.PressAsync("Control+Enter");
        await desk.Dock.GetByLabel("Order").FillAsync("A-17");
        await desk.Page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(desk.RunState).ToHaveTextAsync("Done");

        await desk.OpenAsync(workflow.Summary.Slug, "?panel=run&tab=input");
        await Assertions.Expect(desk.Dock.GetByLabel("Order")).ToHaveValueAsync("A-17");
        visitor.ShouldBeClean();
    }

    // For those who look: how long after its event in the log a node showed that it is done.
    private async Task PrintDelaysAsync(WorkflowDesk desk)
    {
        var services = browser.App.Services;
        var run = RunId.Parse(System.Web.HttpUtility.ParseQueryString(new Uri(desk.Page.Url).Query)["run"]!);
        var state = await services.GetRequiredService<IWorkflowRuns>().FindAsync(run, await BrowserFixture.AdministratorAsync(browser.App), CancellationToken.None);
        var events = await services.GetRequiredService<ISessionReader>().ReadAsync(state!.SessionId, 0, long.MaxValue, 100, ["node.completed"], descending: false, CancellationToken.None);
        var seen = await desk.Page.EvaluateAsync<Dictionary<string, double>>("window.seenDone");
        seen.Count.ShouldBe(5);
        foreach (var e in events)
        {
            output.WriteLine($"{e.StepId}: done on the canvas {seen[e.StepId!] - (e.At - DateTimeOffset.UnixEpoch).TotalMilliseconds:0} ms after its event");
        }
    }

    private async Task AnswerAfterRestartAsync(string directory)
    {
        var app = await browser.StartAppAsync(directory, Ports.Free());
        var definition = new WorkflowDefinition
        {
            Name = "Ask before shipping",
            Nodes =
            [
                new() { Id = "start", Kind = "manual_trigger", Name = "Start" },
                new() { Id = "ask", Kind = "approval", Name = "Ask", X = 336, Settings = JsonElement.Parse("""{"title":"Ship the order?","message":"It costs **12 $**.","details":{"order":"A-17"}}""") },
                new() { Id = "ship", Kind = "set_values", Name = "Ship", X = 672, Settings = WorkflowDesk.Values("shipped", "yes") },
            ],
            Edges = [new("e1", "start", "out", "ask", "in"), new("e2", "ask", "approved", "ship", "in")],
        };
        var workflow = await WorkflowDesk.MakeAsync(app, definition);
        await using var visitor = await browser.VisitAsync(app, width: 1440, height: 900);
        try
        {
            var desk = new WorkflowDesk(visitor, app);
            await desk.OpenAsync(workflow.Summary.Slug);
            await desk.Page.Keyboard.PressAsync("Control+Enter");
            var card = desk.Dock.GetByRole(AriaRole.Article, new() { Name = "Ship the order?" });
            await Assertions.Expect(card).ToContainTextAsync("12 $");
            await Assertions.Expect(desk.Page.Locator(".step.is-person .step-name")).ToHaveTextAsync("Ask");
            await visitor.ShootAsync("workflow-approval");
            var port = app.BaseAddress.Port;
            await app.DisposeAsync();
            await Assertions.Expect(desk.Page.GetByText("Nothing is lost: the page catches up by itself.")).ToBeVisibleAsync();

            app = await browser.StartAppAsync(directory, port);
            await Assertions.Expect(desk.Page.Locator("html")).ToHaveAttributeAsync("data-started", "true", new() { Timeout = Visitor.Patience * 3 });
            await Assertions.Expect(desk.Page.Locator("[data-connection-text]").First).ToHaveTextAsync("Live", new() { Timeout = Visitor.Patience * 3 });
            await card.GetByLabel("Reason").FillAsync("Paid");
            await card.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
            await Assertions.Expect(desk.RunState).ToHaveTextAsync("Done");
            await Assertions.Expect(desk.Page.Locator(".step.is-done")).ToHaveCountAsync(3);
            await visitor.ShootAsync("workflow-approved");
        }
        finally
        {
            await app.DisposeAsync();
        }

        visitor.ShouldBeClean(Visitor.ComplaintsOfALostLine);
    }
}

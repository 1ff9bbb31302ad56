using System.Diagnostics;
using System.Text.Json;
using AgentLab.Tests.Api;
using AgentLab.Tests.Fakes;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

/// <summary>
/// The whole way of a new user: six nodes by hand and two by words, run on the bundled orders, an approval, a restart of the server in between, compared, exported, imported on a fresh
/// instance and run there without a browser.
/// </summary>
[Collection(BrowserTests.Name)]
public sealed class WorkflowWalkTests(BrowserFixture browser) : IDisposable
{
    private const string Orders = """{"table":"orders","where":[{"column":"status","operator":"eq","value":"late"}],"limit":5}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentlab-walk-");

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task NewWorkflow_DrawnDescribedApprovedComparedAndExported_RunsOnAFreshInstance()
    {
        var home = _folder.CreateSubdirectory("home").FullName;
        var app = await browser.StartAppAsync(home, Ports.Free());
        string file;
        try
        {
            await using var visitor = await browser.VisitAsync(app, width: 1440, height: 900);
            var desk = await DrawAsync(visitor, app);
            await DescribeAsync(desk);
            await RunAsync(desk, "First");
            await desk.Page.Keyboard.PressAsync("Control+Enter");
            await Assertions.Expect(Question(desk)).ToBeVisibleAsync();
            await visitor.ShootAsync("walk-approval");

            var port = app.BaseAddress.Port;
            await app.DisposeAsync();
            await Assertions.Expect(desk.Page.GetByText("Nothing is lost: the page catches up by itself.")).ToBeVisibleAsync();
            app = await browser.StartAppAsync(home, port);
            await Assertions.Expect(desk.Page.Locator("html")).ToHaveAttributeAsync("data-started", "true", new() { Timeout = Visitor.Patience * 3 });
            await Assertions.Expect(desk.Page.Locator("[data-connection-text]").First).ToHaveTextAsync("Live", new() { Timeout = Visitor.Patience * 3 });
            await ApproveAsync(desk, "Second");
            await CompareAsync(visitor, desk.Slug);
            file = await ExportAsync(visitor, desk.Slug);
            visitor.ShouldBeClean(Visitor.ComplaintsOfALostLine);
        }
        finally
        {
            await app.DisposeAsync();
        }

        await ImportAsync(file);
        await RunHeadlessAsync(file);
    }

    /// <summary>Six nodes: start, look the late orders up, count them, is there any, ask, answer.</summary>
    private static async Task<WorkflowDesk> DrawAsync(Visitor visitor, LabApp app)
    {
        var desk = new WorkflowDesk(visitor, app);
        await desk.NewAsync();
        await desk.Kind("manual_trigger").ClickAsync();
        await desk.DraftAsync(draft => draft.Nodes.Count == 1);

        await desk.Kind("tool_call").ClickAsync();
        await desk.Dock.Locator("#set-tool").SelectOptionAsync("table_query");
        await desk.Dock.Locator("#set-arguments").FillAsync(Orders);
        await desk.DraftAsync(draft => draft.Nodes is [_, var node] && node.Settings.GetRawText().Contains("late", StringComparison.Ordinal));

        await AddAsync(desk, "set_values", 3);
        await desk.Dock.GetByPlaceholder("Name").FillAsync("late");
        await desk.Dock.Locator("#set-values-value-0").FillAsync("{{length data.rows}}");
        await desk.DraftAsync(draft => draft.Nodes[2].Settings.GetRawText().Contains("length data.rows", StringComparison.Ordinal));

        await AddAsync(desk, "condition", 4);
        await desk.Dock.GetByRole(AriaRole.Button, new() { Name = "Add a condition" }).ClickAsync();
        await desk.Dock.GetByLabel("Condition 1: what").FillAsync("{{data.late}}");
        await desk.Dock.GetByLabel("Condition 1: how").SelectOptionAsync("greater");
        await desk.Dock.GetByLabel("Condition 1: with what").FillAsync("0");
        await desk.DraftAsync(draft => draft.Nodes[3].Settings.GetRawText().Contains("greater", StringComparison.Ordinal));

        await AddAsync(desk, "approval", 5);
        await desk.Dock.Locator("#set-title").FillAsync("Call the customers?");
        await desk.DraftAsync(draft => draft.Nodes[4].Settings.GetRawText().Contains("Call the customers?", StringComparison.Ordinal));

        await AddAsync(desk, "respond", 6);
        await desk.DraftAsync(draft => draft.Edges.Count == 5);
        return desk;
    }

    private static async Task AddAsync(WorkflowDesk desk, string kind, int count)
    {
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Add node" }).ClickAsync();
        await desk.Kind(kind).ClickAsync();
        await desk.DraftAsync(draft => draft.Nodes.Count == count);
    }

    /// <summary>Two more nodes by words, accepted as they are proposed.</summary>
    private static async Task DescribeAsync(WorkflowDesk desk)
    {
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Builder" }).ClickAsync();
        await desk.Dock.GetByLabel("Message", new() { Exact = true }).FillAsync("Add a wait of 1 second after the approval, then save it as a report called \"orders\"");
        await desk.Page.Keyboard.PressAsync("Enter");
        await desk.Dock.GetByRole(AriaRole.Button, new() { Name = "Accept all" }).ClickAsync();
        await desk.DraftAsync(draft => draft.Nodes.Count == 8 && draft.Nodes.Any(node => node.Kind == "wait"));
    }

    private static async Task RunAsync(WorkflowDesk desk, string reason)
    {
        await desk.Page.Keyboard.PressAsync("Control+Enter");
        await ApproveAsync(desk, reason);
    }

    private static ILocator Question(WorkflowDesk desk) => desk.Dock.GetByRole(AriaRole.Article, new() { Name = "Call the customers?" });

    private static async Task ApproveAsync(WorkflowDesk desk, string reason)
    {
        await Question(desk).GetByLabel("Reason").FillAsync(reason);
        await Question(desk).GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await Assertions.Expect(desk.RunState).ToHaveTextAsync("Done");
    }

    /// <summary>The runs differ in the reason that was given, and in nothing before it.</summary>
    private static async Task CompareAsync(Visitor visitor, string slug)
    {
        await visitor.GoAsync($"/workflows/{slug}/runs");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).First.ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "With this" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByText("Second").First).ToBeVisibleAsync();
        await visitor.ShootAsync("walk-compare");
    }

    private async Task<string> ExportAsync(Visitor visitor, string slug)
    {
        await visitor.GoAsync($"/workflows/{slug}");
        await visitor.Page.Locator("summary[aria-label=More]").ClickAsync();
        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Export as JSON" }).ClickAsync());
        var file = Path.Combine(_folder.FullName, "exported.json");
        await download.SaveAsAsync(file);
        return file;
    }

    private async Task ImportAsync(string file)
    {
        await using var fresh = await browser.StartAppAsync(_folder.CreateSubdirectory("fresh").FullName);
        await using var visitor = await browser.VisitAsync(fresh, width: 1440, height: 900);
        var desk = new WorkflowDesk(visitor, fresh);
        await visitor.GoAsync("/workflows");
        await visitor.Page.Locator("input[type=file]").SetInputFilesAsync(file);
        await desk.ReadyAsync();
        (await desk.DraftAsync()).Draft.Nodes.Count.ShouldBe(8);
        await RunAsync(desk, "Third");
        visitor.ShouldBeClean();
    }

    private async Task RunHeadlessAsync(string file)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "AgentLab.Web.dll"), "run", file, "--approve", "yes"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        (await error).ShouldBeEmpty();
        process.ExitCode.ShouldBe(0);
        var last = JsonElement.Parse((await output).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        last.Text("type").ShouldBe("run.completed");
    }
}

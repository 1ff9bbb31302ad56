using System.Text.Json;
using AgentLab.Browsing;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

/// <summary>A person at the editor of workflows, who counts clicks and keys.</summary>
internal sealed class WorkflowDesk(Visitor visitor, LabApp app)
{
    public IPage Page => visitor.Page;

    public int Clicks { get; private set; }

    public int Keys { get; private set; }

    public ILocator Nodes => Page.Locator(".canvas-area .step");

    public ILocator Canvas => Page.Locator(".canvas-pane");

    public ILocator Dock => Page.Locator("aside.dock");

    public ILocator Saved => Page.Locator(".desk-bar .saved");

    public ILocator RunState => Dock.Locator(".state > .status");

    /// <summary>The workflow's slug in the address.</summary>
    public string Slug => new Uri(Page.Url).AbsolutePath.Split('/')[2];

    public async Task ClickAsync(ILocator target)
    {
        Clicks++;
        await target.ClickAsync();
    }

    public async Task PressAsync(params string[] keys)
    {
        foreach (var key in keys)
        {
            Keys++;
            await Page.Keyboard.PressAsync(key);
        }
    }

    public async Task TypeAsync(string text)
    {
        Keys += text.Length;
        await Page.Keyboard.TypeAsync(text);
    }

    public ILocator Kind(string kind) => Page.Locator($"#kind-{kind}");

    public ILocator Node(string name) => Page.Locator(".canvas-area .step", new() { Has = Page.Locator(".step-name", new() { HasTextRegex = new($"^{System.Text.RegularExpressions.Regex.Escape(name)}$") }) });

    /// <summary>What the canvas said last to those who do not see it.</summary>
    public ILocator Said => Page.Locator(".canvas-area > [role=status]");

    /// <summary>The list that opens on the canvas to choose a node from.</summary>
    public ILocator Picker => Page.Locator(".picker");

    /// <summary>A node's port, in the middle of which it is grabbed.</summary>
    public ILocator Port(string node, string port, bool output = true) =>
        Page.Locator($".react-flow__node[data-id='{node}'] .react-flow__handle.{(output ? "source" : "target")}[data-handleid='{port}']");

    /// <summary>The middle of what is drawn and can be reached, once it stands still; in pixels of the page.</summary>
    public static async Task<Point> MiddleAsync(ILocator drawn)
    {
        await drawn.HoverAsync(new() { Trial = true });
        var box = (await drawn.BoundingBoxAsync())!;
        return new(box.X + (box.Width / 2), box.Y + (box.Height / 2));
    }

    /// <summary>Presses the mouse, moves it in small steps and lets it go.</summary>
    public async Task DragAsync(Point from, Point to, MouseButton button = MouseButton.Left)
    {
        await Page.Mouse.MoveAsync(from.X, from.Y);
        await Page.Mouse.DownAsync(new() { Button = button });
        await Page.Mouse.MoveAsync(from.X + ((to.X - from.X) / 2), from.Y + ((to.Y - from.Y) / 2), new() { Steps = 5 });
        await Page.Mouse.MoveAsync(to.X, to.Y, new() { Steps = 5 });
        await Page.Mouse.UpAsync(new() { Button = button });
    }

    /// <summary>Where the canvas' picture is: its shift in pixels and its size.</summary>
    public async Task<Viewport> ViewAsync()
    {
        var view = await Page.EvaluateAsync<float[]>("() => { const m = new DOMMatrix(getComputedStyle(document.querySelector('.react-flow__viewport')).transform); return [m.e, m.f, m.a]; }");
        return new(view[0], view[1], view[2]);
    }

    /// <summary>Drags with a button from a place until the picture has gone this way; it may begin a few steps late.</summary>
    public async Task PanAsync(Point from, int right, MouseButton button)
    {
        var before = await ViewAsync();
        await Page.Mouse.MoveAsync(from.X, from.Y);
        await Page.Mouse.DownAsync(new() { Button = button });
        var step = 0;
        await Eventually.TrueAsync(async () =>
        {
            from += (Math.Sign(right) * 10, ++step % 2);
            await Page.Mouse.MoveAsync(from.X, from.Y);
            var (x, _, zoom) = await ViewAsync();
            return (x - before.X) * Math.Sign(right) >= Math.Abs(right) && zoom == before.Zoom;
        });
        await Page.Mouse.UpAsync(new() { Button = button });
    }

    /// <summary>Opens a workflow's editor and waits for its canvas.</summary>
    public async Task OpenAsync(string slug, string query = "")
    {
        await visitor.GoAsync($"/workflows/{slug}{query}");
        await ReadyAsync();
    }

    /// <summary>Makes a workflow, opens its editor and waits until it is drawn where it stays.</summary>
    public static async Task<WorkflowDesk> OpenAsync(Visitor visitor, LabApp app, WorkflowDefinition definition, string query = "")
    {
        var workflow = await MakeAsync(app, definition);
        var desk = new WorkflowDesk(visitor, app);
        await desk.OpenAsync(workflow.Summary.Slug, query);
        if (definition.Edges.Count > 0)
        {
            // Connections are drawn after their nodes.
            await Assertions.Expect(desk.Page.Locator(".wire-line, path.wire")).Not.ToHaveCountAsync(0);
        }

        return desk;
    }

    /// <summary>Makes an empty workflow by its button, as a new user does.</summary>
    public async Task NewAsync()
    {
        await visitor.GoAsync("/workflows");
        await Page.GetByRole(AriaRole.Button, new() { Name = "New workflow" }).First.ClickAsync();
        await ReadyAsync();
    }

    public async Task ReadyAsync()
    {
        await visitor.AtAsync("/workflows/[^/]+$");
        await Assertions.Expect(Canvas).ToBeVisibleAsync();
        await Assertions.Expect(Page.Locator(".first-step, .step").First).ToBeVisibleAsync();
    }

    /// <summary>The draft in the store, once its revision stands in the page.</summary>
    public async Task<Workflow> DraftAsync()
    {
        var workflow = await app.Services.GetRequiredService<IWorkflowStore>().FindAsync(Slug, await BrowserFixture.AdministratorAsync(app), CancellationToken.None);
        return workflow!;
    }

    /// <summary>Waits until the draft in the store is so.</summary>
    public async Task<WorkflowDefinition> DraftAsync(Func<WorkflowDefinition, bool> wanted)
    {
        Workflow? workflow = null;
        await Eventually.TrueAsync(async () => wanted((workflow = await DraftAsync()).Draft));
        return workflow!.Draft;
    }

    /// <summary>Waits until what is drawn lies inside the canvas, clear of its edges by this many pixels.</summary>
    public Task ClearAsync(string drawn, int pixels) => Page.WaitForFunctionAsync(
        """
        ([drawn, pixels]) => {
          const inner = document.querySelector(drawn)?.getBoundingClientRect(), outer = document.querySelector(".canvas-pane").getBoundingClientRect();
          return inner && inner.left >= outer.left + pixels && inner.right <= outer.right - pixels && inner.top >= outer.top + pixels && inner.bottom <= outer.bottom - pixels;
        }
        """,
        new object[] { drawn, pixels - 0.5 });

    /// <summary>Makes a workflow in the store.</summary>
    public static async Task<Workflow> MakeAsync(LabApp app, WorkflowDefinition definition)
    {
        var made = await app.Services.GetRequiredService<IWorkflowStore>().CreateAsync(definition, await BrowserFixture.AdministratorAsync(app), CancellationToken.None);
        made.Ok.ShouldBeTrue(string.Join(" ", made.Errors.Select(error => error.Message)));
        return made.Value;
    }

    /// <summary>A trigger and nodes behind it in rows, each setting one value.</summary>
    public static WorkflowDefinition Row(string name, int nodes, int columns = 25) => CanvasLoad.Rows(name, nodes, columns);

    public static JsonElement Values(string name, string value) => CanvasLoad.Values(name, value);

    public static JsonElement Json(string text) => JsonElement.Parse(text);
}

/// <summary>A place on the page, in pixels.</summary>
internal readonly record struct Point(float X, float Y)
{
    public static Point operator +(Point point, (float X, float Y) shift) => new(point.X + shift.X, point.Y + shift.Y);
}

/// <summary>What of the canvas' picture is seen.</summary>
internal readonly record struct Viewport(float X, float Y, float Zoom);

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

    /// <summary>Opens a workflow's editor and waits for its canvas.</summary>
    public async Task OpenAsync(string slug, string query = "")
    {
        await visitor.GoAsync($"/workflows/{slug}{query}");
        await ReadyAsync();
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
}

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using AgentLab.Core.Sessions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

/// <summary>
/// A person at a page. Notes every complaint of the browser (errors in the console, refused by the content security policy, exceptions in scripts) and
/// every request, whatever the test is about. With AGENTLAB_TEST_SHOTS it leaves a picture of the last page of a test that failed in that folder.
/// </summary>
internal sealed class Visitor : IAsyncDisposable
{
    /// <summary>How long to wait for what must come, in milliseconds: the machine may be busy.</summary>
    public const float Patience = 30_000;

    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Uri _address;
    private bool _clean;

    private Visitor(IPage page, Uri address) => (Page, _address) = (page, address);

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>The address of every request so far.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>Where the person writes.</summary>
    public ILocator Box => Page.GetByLabel("Message", new() { Exact = true });

    /// <summary>The button that sends.</summary>
    public ILocator Send => Page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true });

    /// <summary>The button that stops the run.</summary>
    public ILocator Stop => Page.GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true });

    /// <summary>The person's messages in the conversation.</summary>
    public ILocator Messages => Page.GetByRole(AriaRole.Article, new() { Name = "Your message" });

    /// <summary>The agents' answers in the conversation.</summary>
    public ILocator Answers => Page.GetByRole(AriaRole.Article, new() { NameRegex = new("^Answer of ") });

    /// <summary>The text of the newest answer.</summary>
    public ILocator Text => Answers.Last.Locator(".markdown");

    /// <summary>The rows of the timeline.</summary>
    public ILocator Timeline => Page.GetByRole(AriaRole.List, new() { Name = "Timeline" });

    /// <summary>The session whose address the page has.</summary>
    public SessionId Session => SessionId.Parse(new Uri(Page.Url).AbsolutePath.Split('/')[^1]);

    public static async Task<Visitor> OpenAsync(IBrowserContext context, Uri address)
    {
        context.SetDefaultTimeout(Patience);
        context.SetDefaultNavigationTimeout(Patience * 2);
        // The lengths that the newest answer has had: what a person sees arrive.
        await context.AddInitScriptAsync("""
            window.lengths = [];
            setInterval(() => {
              const length = [...document.querySelectorAll("article.run .markdown")].at(-1)?.textContent.length ?? 0;
              if (length > 0 && window.lengths.at(-1) !== length) window.lengths.push(length);
            }, 20);
            """);
        var visitor = new Visitor(await context.NewPageAsync(), address);
        visitor.Page.Console += (_, message) =>
        {
            if (message.Type == "error" || message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
            {
                visitor._complaints.Enqueue($"{message.Text} ({message.Location})");
            }
        };
        visitor.Page.PageError += (_, error) => visitor._complaints.Enqueue(error);
        visitor.Page.Dialog += (_, dialog) =>
        {
            visitor._complaints.Enqueue($"A dialogue opened: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        visitor.Page.Request += (_, request) => visitor._requests.Enqueue(request.Url);
        return visitor;
    }

    /// <summary>Opens a page with a circuit and waits until it answers.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await StartedAsync();
    }

    /// <summary>Waits until the page's circuit runs.</summary>
    public Task StartedAsync() => Assertions.Expect(Page.Locator("html")).ToHaveAttributeAsync("data-started", "true");

    /// <summary>Waits until the page's address matches. It looks again and again: one notice of a navigation can come before anyone listens for it.</summary>
    public Task AtAsync([StringSyntax(StringSyntaxAttribute.Regex)] string address) => Assertions.Expect(Page).ToHaveURLAsync(new Regex(address));

    /// <summary>Opens the Lab with this agent picked.</summary>
    public async Task StartWithAsync(string agent)
    {
        await GoAsync("/lab");
        await Page.GetByRole(AriaRole.Radiogroup, new() { Name = "Agent" }).GetByText(agent, new() { Exact = true }).ClickAsync();
        await Assertions.Expect(Page.GetByPlaceholder($"Ask {agent}")).ToBeVisibleAsync();
    }

    /// <summary>Writes and sends; returns once the message stands in the conversation.</summary>
    public async Task AskAsync(string text)
    {
        var before = await Messages.CountAsync();
        await Box.FillAsync(text);
        await Send.ClickAsync();
        await Assertions.Expect(Messages).ToHaveCountAsync(before + 1);
    }

    /// <summary>Waits until no run goes on and the session shows this state.</summary>
    public async Task EndedAsync(string state = "Done")
    {
        await Assertions.Expect(Page.Locator(".session-head .status")).ToHaveTextAsync(state);
        await Assertions.Expect(Answers.Last).Not.ToHaveAttributeAsync("aria-busy", "true");
    }

    /// <summary>The different lengths of the newest answer so far, in order.</summary>
    public Task<int[]> LengthsAsync() => Page.EvaluateAsync<int[]>("window.lengths");

    /// <summary>Whether the page as a whole scrolls sideways.</summary>
    public Task<bool> ScrollsSidewaysAsync() => Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth");

    /// <summary>Axe finds nothing serious or critical.</summary>
    public async Task CheckAccessAsync(string what)
    {
        var result = await Page.RunAxe();
        result.Violations.Where(v => v.Impact is "serious" or "critical")
            .SelectMany(v => v.Nodes.Select(n => $"{what}: {v.Id}: {v.Help}: {n.Html}")).ShouldBeEmpty();
    }

    /// <summary>A picture, when pictures are asked for.</summary>
    public async Task ShootAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("AGENTLAB_TEST_SHOTS") is { Length: > 0 } folder)
        {
            await Page.WaitForTimeoutAsync(500);
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
        }
    }

    /// <summary>
    /// What a browser says while its server is away: requests that reach nobody, and Blazor's own script (a list that looks which rows are in view) that sends over the line it has lost.
    /// </summary>
    public static readonly string[] ComplaintsOfALostLine = ["ERR_", "WebSocket", "Connection disconnected", "Failed to fetch", "transport", "Cannot send data if the connection is not",
        "Failed to complete negotiation", "Failed to start the connection", "Invocation canceled due to the underlying connection"];

    /// <summary>The browser never complained and asked nobody but this AgentLab. The last line of each test.</summary>
    /// <param name="expected">Parts of complaints that the test brings about itself.</param>
    public void ShouldBeClean(params string[] expected)
    {
        _complaints.Where(c => !expected.Any(e => c.Contains(e, StringComparison.Ordinal))).ShouldBeEmpty();
        var own = _address.Authority;
        _requests.Where(r => !r.StartsWith("data:", StringComparison.Ordinal) && !r.StartsWith("blob:", StringComparison.Ordinal) && new Uri(r).Authority != own).ShouldBeEmpty();
        _clean = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_clean)
        {
            await ShootAsync($"failed-{DateTimeOffset.FromUnixTimeMilliseconds(Environment.TickCount64):HHmmss}");
        }

        await Page.Context.DisposeAsync();
    }
}

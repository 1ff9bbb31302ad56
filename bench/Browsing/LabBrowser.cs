using AgentLab.Bench.Fanout;
using Microsoft.Playwright;

namespace AgentLab.Bench.Browsing;

/// <summary>Chromium without a window.</summary>
internal sealed class LabBrowser : IAsyncDisposable
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private LabBrowser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<LabBrowser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var path = Environment.GetEnvironmentVariable("AGENTLAB_CHROMIUM") ?? "/usr/bin/chromium";
        return new LabBrowser(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Arguments }));
    }

    /// <summary>Signs in on the page and hands the cookies to a context whose cache is cold.</summary>
    public async Task<IBrowserContext> SignedInAsync(Uri address)
    {
        await using var signing = await _browser.NewContextAsync();
        var page = await signing.NewPageAsync();
        await page.GotoAsync(new Uri(address, "/account/sign-in").ToString());
        await page.FillAsync("#name", LabServer.Email);
        await page.FillAsync("#password", LabServer.Password);
        await page.ClickAsync("button[type=submit]");
        await page.WaitForSelectorAsync("[data-composer]");
        return await _browser.NewContextAsync(new() { StorageState = await signing.StorageStateAsync() });
    }

    public Task<IBrowserContext> ContextAsync() => _browser.NewContextAsync();

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

using AgentLab.Tests.Api;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

public sealed class AccountPagesTests : IAsyncLifetime
{
    private readonly List<string> _complaints = [];
    private LabApp _app = null!;
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;
    private IPage _page = null!;

    public async Task InitializeAsync()
    {
        _app = await LabApp.StartAsync(setUp: false);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        _page = await _browser.NewPageAsync(new() { BaseURL = _app.BaseAddress.ToString(), ViewportSize = new() { Width = 390, Height = 800 } });
        _page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
            {
                _complaints.Add(message.Text);
            }
        };
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task FirstStart_ByKeyboard_SetsUpShowsTheStrengthAndSignsOut()
    {
        await _page.GotoAsync("/account");
        new Uri(_page.Url).AbsolutePath.ShouldBe("/setup");
        await CheckAsync();

        await _page.GetByLabel("E-mail").FillAsync("first@lab.test");
        await _page.GetByLabel("Password", new() { Exact = true }).PressSequentiallyAsync("short");
        await Assertions.Expect(_page.GetByText("Still needed: 7 more characters")).ToBeVisibleAsync();
        await _page.GetByLabel("Password", new() { Exact = true }).FillAsync(LabApp.Password);
        await Assertions.Expect(_page.GetByText("This password is strong.")).ToBeVisibleAsync();
        await _page.Keyboard.PressAsync("Enter");
        await _page.WaitForURLAsync(url => new Uri(url).AbsolutePath != "/setup");

        await _page.GotoAsync("/account");
        await Assertions.Expect(_page.GetByText("first@lab.test").First).ToBeVisibleAsync();
        await CheckAsync();
        await _page.GotoAsync("/account/sign-out");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(_page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await CheckAsync();

        await _page.GetByLabel("E-mail or user name").FillAsync("first@lab.test");
        await _page.GetByLabel("Password").FillAsync("Wrong-Horse-7-Battery");
        await _page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(_page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "The name or the password is wrong." })).ToBeVisibleAsync();
        await CheckAsync();
        _complaints.ShouldBeEmpty();
    }

    // Nothing that keeps people out, and nothing that runs off the side of a telephone's screen.
    private async Task CheckAsync()
    {
        var result = await _page.RunAxe();
        result.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{v.Id}: {v.Help}").ShouldBeEmpty();
        (await _page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth")).ShouldBeTrue();
    }
}

using AgentLab.Tests.Fakes.OpenAiServer;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class NoteTests(BrowserFixture browser)
{
    [Theory]
    [InlineData(1440, 900, ColorScheme.Light)]
    [InlineData(1440, 900, ColorScheme.Dark)]
    [InlineData(390, 844, ColorScheme.Light)]
    public async Task Note_WrittenByKeyboard_IsInTheTimelineAndOutlivesAReload(int width, int height, ColorScheme scheme)
    {
        await using var visitor = await browser.VisitAsync(width: width, height: height);
        var page = visitor.Page;
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        browser.Model.Next(ModelScript.Says("One execution inside a session."));
        await visitor.StartWithAsync(BrowserFixture.ScriptedAgent);
        await visitor.AskAsync("What is a run?");
        await visitor.EndedAsync();
        await ShowAsync(page, width);

        await page.GetByRole(AriaRole.Button, new() { Name = "Add note" }).PressAsync("Enter");
        var box = page.GetByLabel("Note, for people");
        await Assertions.Expect(box).ToBeFocusedAsync();
        await page.Keyboard.InsertTextAsync("Show this to <b>Ann</b>");
        var save = page.GetByRole(AriaRole.Button, new() { Name = "Save note" });
        await Assertions.Expect(save).ToBeEnabledAsync();
        var name = $"note-{width}-{scheme.ToString().ToLowerInvariant()}";
        await visitor.ShootAsync(name);
        await visitor.CheckAccessAsync(name);
        (await visitor.ScrollsSidewaysAsync()).ShouldBeFalse();
        await save.PressAsync("Enter");

        var row = visitor.Timeline.GetByRole(AriaRole.Button, new() { Name = "Show this to <b>Ann</b>" });
        await Assertions.Expect(row).ToBeVisibleAsync();
        await Assertions.Expect(box).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await visitor.StartedAsync();
        await ShowAsync(page, width);
        await row.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { NameRegex = new("^Event ") })).ToContainTextAsync("note.added");
        await visitor.ShootAsync($"{name}-shown");
        visitor.ShouldBeClean();
    }

    /// <summary>On a telephone one pane is there at a time.</summary>
    private static async Task ShowAsync(IPage page, int width)
    {
        if (width < 600)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Inspector" }).Last.ClickAsync();
        }
    }
}

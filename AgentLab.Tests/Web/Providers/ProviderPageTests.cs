using AgentLab.Core.Models;
using AgentLab.Tests.Api;
using AgentLab.Web.Features.Providers;
using Bunit;

namespace AgentLab.Tests.Web.Providers;

public sealed class ProviderPageTests(LabAppFixture fixture) : PageContext(fixture)
{
    [Fact]
    public async Task Save_NewProvider_KeepsItAndNeverShowsItsKey()
    {
        await SignInAsync();
        var page = Render<ProviderPage>();
        page.WaitForElement("#provider-name");
        await page.InvokeAsync(() => page.Find("#provider-name").Change("Loop back"));
        await page.InvokeAsync(() => page.Find("#endpoint").Change("http://127.0.0.1:9/v1"));
        await page.InvokeAsync(() => page.Find("#key").Change("sk-a-very-secret-value"));

        Press(page, "Save");

        page.WaitForAssertion(() => Navigation.Uri.ShouldEndWith("/settings/providers"));
        var stored = (await Get<IProviderStore>().ListAsync(CancellationToken.None)).Single(p => p.Id == "loop-back");
        stored.ApiKey!.Reveal().ShouldBe("sk-a-very-secret-value");
        var again = Render<ProviderPage>(p => p.Add(x => x.Id, "loop-back"));
        again.WaitForElement("#key");
        again.Markup.ShouldNotContain("sk-a-very-secret-value");
        again.Markup.ShouldContain("A key is stored");
    }

    [Fact]
    public async Task Save_WrongAddress_SaysWhatIsAllowed()
    {
        await SignInAsync();
        var page = Render<ProviderPage>();
        page.WaitForElement("#provider-name");
        await page.InvokeAsync(() => page.Find("#provider-name").Change("Nowhere"));
        await page.InvokeAsync(() => page.Find("#endpoint").Change("nowhere"));

        Press(page, "Save");

        page.WaitForAssertion(() => page.Find("[role=alert]").TextContent.ShouldContain("/v1"));
    }

    [Fact]
    public async Task List_Always_HoldsTheRehearsalModelPlainlyLabelled()
    {
        await SignInAsync();

        var page = Render<ProvidersPage>();

        page.WaitForAssertion(() => page.FindAll(".provider").Count.ShouldBeGreaterThan(0));
        page.Markup.ShouldContain("not a language model");
    }

    private static void Press(IRenderedComponent<ProviderPage> page, string label) =>
        page.InvokeAsync(() => page.FindAll("button").Single(b => b.TextContent.Trim() == label).Click());
}

using AgentLab.Core.Agents;
using AgentLab.Core.Identity;
using AgentLab.Tests.Api;
using AgentLab.Web.Features.Workflows.Gallery;
using Bunit;

namespace AgentLab.Tests.Web.Agents;

public sealed class AgentGalleryTests(LabAppFixture fixture) : PageContext(fixture)
{
    [Fact]
    public async Task Use_AgentOfSomebodyElse_MakesADraftOfOnesOwnUnderTheNextName()
    {
        var owner = await SignInAsync();
        var offered = await OfferAsync(owner, "Summariser <b>of</b> mail");
        var actor = await SignInAsync(LabApp.Editor);
        var page = Open();

        var card = page.FindAll("li.card").Single(c => c.QuerySelector("h2")!.TextContent.Trim() == offered.Name);
        card.QuerySelector(".tag")!.TextContent.ShouldBe("Your team");
        card.QuerySelector("pre")!.TextContent.ShouldBe("Be brief.");
        card.QuerySelector("b").ShouldBeNull();
        await page.InvokeAsync(() => page.Find($"button[aria-label='Use this: {offered.Name}']").Click());

        page.WaitForAssertion(() => Navigation.Uri.ShouldContain("/agents/"));
        var copy = (await Get<IAgentStore>().FindAsync(Navigation.Uri.Split('/')[^1], actor, CancellationToken.None))!;
        (copy.Name, copy.Status, copy.OwnerId, copy.Offered).ShouldBe(($"{offered.Name} 2", AgentStatus.Draft, actor.UserId, false));
        copy.Definition.Instructions.ShouldBe(offered.Definition.Instructions);
        (await Get<IAgentStore>().FindAsync(offered.Slug, owner, CancellationToken.None))!.Version.ShouldBe(1);
    }

    [Fact]
    public async Task Show_WithoutOffers_HasTheBuiltInOnesAndFindsByWords()
    {
        await SignInAsync(LabApp.Other);
        var page = Open();

        page.FindAll("li.card").Count(c => c.QuerySelector(".tag")!.TextContent == "Built in").ShouldBe(StarterAgents.All.Count);
        await page.InvokeAsync(() => page.Find("input[type=search]").Input("analyst built"));
        page.WaitForAssertion(() => page.FindAll("li.card h2").Select(h => h.TextContent.Trim()).ShouldBe(["Analyst"]));
        await page.InvokeAsync(() => page.Find("input[type=search]").Input("no such words"));
        page.WaitForAssertion(() => page.Find(".empty").TextContent.ShouldContain("Nothing matches"));
        await page.InvokeAsync(() => page.Find(".empty button").Click());
        page.WaitForAssertion(() => page.FindAll("li.card").Count.ShouldBeGreaterThanOrEqualTo(StarterAgents.All.Count));
    }

    [Fact]
    public async Task Show_ToAViewer_OffersNoUse()
    {
        await SignInAsync(LabApp.Viewer);

        var page = Open();

        page.FindAll("li.card").ShouldNotBeEmpty();
        page.FindAll("li.card button").ShouldBeEmpty();
    }

    private IRenderedComponent<GalleryPage> Open()
    {
        Navigation.NavigateTo("/gallery?show=agents");
        var page = Render<GalleryPage>();
        page.WaitForElement("li.card");
        return page;
    }

    private async Task<Agent> OfferAsync(Actor owner, string name)
    {
        var agent = await MakeAgentAsync(owner, name);
        return (await Get<IAgentStore>().SetOfferedAsync(agent.Id, true, owner, CancellationToken.None)).Value!;
    }
}

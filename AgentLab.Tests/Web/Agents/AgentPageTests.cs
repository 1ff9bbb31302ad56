using AgentLab.Core.Agents;
using AgentLab.Tests.Api;
using AgentLab.Web.Features.Agents;
using Bunit;

namespace AgentLab.Tests.Web.Agents;

public sealed class AgentPageTests(LabAppFixture fixture) : PageContext(fixture)
{
    [Fact]
    public async Task Create_WithoutAName_NamesTheFieldAndMakesNothing()
    {
        await SignInAsync();
        var page = Render<AgentPage>();
        page.WaitForElement("#name");

        Press(page, "Create agent");

        page.WaitForAssertion(() => page.Find("#name-fault").TextContent.ShouldContain("1 to 100"));
        page.Find("#name").GetAttribute("aria-invalid").ShouldBe("true");
    }

    [Fact]
    public async Task Create_WithNameAndTools_MakesAnActiveAgent()
    {
        var actor = await SignInAsync();
        var page = Render<AgentPage>();
        page.WaitForElement("#name");

        await page.InvokeAsync(() => page.Find("#name").Change("Bookkeeper"));
        await page.InvokeAsync(() => page.Find("#instructions").Change("Count."));
        page.FindAll(".check input")[0].Change(true);
        Press(page, "Create agent");

        page.WaitForAssertion(() => Navigation.Uri.ShouldContain("/agents/"));
        var agent = await Get<IAgentStore>().FindAsync("bookkeeper", actor, CancellationToken.None);
        agent!.Status.ShouldBe(AgentStatus.Active);
        agent.Definition.Tools.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Save_NameOfAnother_SaysThatItIsTaken()
    {
        var agent = await MakeAgentAsync(await SignInAsync(), "First of its name");
        var page = Render<AgentPage>(p => p.Add(x => x.Id, agent.Id.ToString()));
        page.WaitForElement("#name");

        await page.InvokeAsync(() => page.Find("#name").Change("ANALYST"));
        Press(page, "Save a new version");

        page.WaitForAssertion(() => page.FindAll("#name-fault").Count.ShouldBe(1));
    }

    [Fact]
    public async Task Save_ChangedElsewhereMeanwhile_OverwritesNothing()
    {
        var actor = await SignInAsync();
        var agent = await MakeAgentAsync(actor, "Edited twice");
        var page = Render<AgentPage>(p => p.Add(x => x.Id, agent.Id.ToString()));
        page.WaitForElement("#name");
        await Get<IAgentStore>().UpdateAsync(agent.Id, 1, agent.Definition with { Description = "theirs" }, actor, CancellationToken.None);

        await page.InvokeAsync(() => page.Find("#description").Change("mine"));
        Press(page, "Save a new version");

        page.WaitForAssertion(() => page.Find(".notice-failed").TextContent.ShouldNotBeEmpty());
        (await Get<IAgentStore>().FindAsync(agent.Id.ToString(), actor, CancellationToken.None))!.Definition.Description.ShouldBe("theirs");
    }

    [Fact]
    public async Task Delete_NeedsTheNameTyped()
    {
        var actor = await SignInAsync();
        var agent = await MakeAgentAsync(actor, "To be deleted");
        var page = Render<AgentPage>(p => p.Add(x => x.Id, agent.Id.ToString()));
        page.WaitForElement("#delete-name");
        var button = page.FindAll("#delete-agent button").Single(b => b.TextContent.Contains("Delete the agent"));
        button.HasAttribute("disabled").ShouldBeTrue();

        await page.InvokeAsync(() => page.Find("#delete-name").Input("To be deleted"));
        await page.InvokeAsync(() => page.FindAll("#delete-agent button").Single(b => b.TextContent.Contains("Delete the agent")).Click());

        page.WaitForAssertion(() => Navigation.Uri.ShouldEndWith("/agents"));
        (await Get<IAgentStore>().FindAsync(agent.Id.ToString(), actor, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Open_AsAnEditor_OffersNoDeletionOfWhatIsNotTheirs()
    {
        var agent = await MakeAgentAsync(await SignInAsync(), "Someone's");
        await SignInAsync(LabApp.Editor);

        var page = Render<AgentPage>(p => p.Add(x => x.Id, agent.Id.ToString()));
        page.WaitForElement("#name");

        page.FindAll("fieldset[disabled]").Count.ShouldBe(2);
        page.FindAll("[data-open-dialog=delete-agent]").ShouldBeEmpty();
        page.FindAll("button").ShouldNotContain(b => b.TextContent.Contains("Save a new version"));
    }

    [Fact]
    public async Task Open_NoSuchAgent_SaysSo()
    {
        await SignInAsync();

        var page = Render<AgentPage>(p => p.Add(x => x.Id, "nobody"));

        page.WaitForAssertion(() => page.Find("h1").TextContent.ShouldBe("There is no such agent"));
    }

    private static void Press(IRenderedComponent<AgentPage> page, string label) =>
        page.InvokeAsync(() => page.FindAll("button").Single(b => b.TextContent.Trim() == label).Click());
}

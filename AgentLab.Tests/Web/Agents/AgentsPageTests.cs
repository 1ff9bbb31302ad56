using AgentLab.Tests.Api;
using AgentLab.Web.Features.Agents;
using Bunit;

namespace AgentLab.Tests.Web.Agents;

/// <summary>The list of agents, and through it what every list page does with its address.</summary>
public sealed class AgentsPageTests(LabAppFixture fixture) : PageContext(fixture)
{
    [Fact]
    public async Task Type_AName_LeadsToAnAddressThatShowsTheSame()
    {
        await SignInAsync(LabApp.Editor);
        var page = Render<AgentsPage>();
        page.WaitForAssertion(() => page.FindAll("tbody tr").Count.ShouldBeGreaterThan(1));

        await page.InvokeAsync(() => page.Find("input[type=search]").Input("analy"));

        page.WaitForAssertion(() => page.FindAll("tbody tr").Count.ShouldBe(1));
        Navigation.Uri.ShouldEndWith("/agents?q=analy");
        var again = Render<AgentsPage>();
        again.WaitForAssertion(() => again.FindAll("tbody tr").Count.ShouldBe(1));
        again.Find("input[type=search]").GetAttribute("value").ShouldBe("analy");
    }

    [Fact]
    public async Task Open_AddressWithAForeignCursor_GoesBackToTheFirstPage()
    {
        await SignInAsync(LabApp.Editor);
        Navigation.NavigateTo("/agents?status=active&cursor=made-up");

        var page = Render<AgentsPage>();

        page.WaitForAssertion(() => page.FindAll("tbody tr").ShouldNotBeEmpty());
        Navigation.Uri.ShouldEndWith("/agents?status=active");
    }

    [Fact]
    public async Task Open_FilterThatNothingMatches_OffersAllAgain()
    {
        await SignInAsync(LabApp.Editor);
        Navigation.NavigateTo("/agents?q=nobody-is-called-this");

        var page = Render<AgentsPage>();

        page.WaitForAssertion(() => page.Find("h2").TextContent.ShouldBe("Nothing matches"));
    }
}

using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Web.Features.Lab;
using AgentLab.Web.Features.Lab.View;
using Bunit;

namespace AgentLab.Tests.Web.Lab;

public sealed class TurnRowTests : BunitContext
{
    [Fact]
    public void Render_ScriptInAnAnswer_IsText()
    {
        var row = Show(new Script().Says("x").Starts().Streams("1", "<script>alert(1)</script> [a](javascript:alert(2)) <img src=x onerror=alert(3)>"));

        row.FindAll("script, img, a[href^=javascript]").ShouldBeEmpty();
        row.Markup.ShouldContain("&lt;script&gt;");
    }

    [Fact]
    public void Render_ScriptInAMessage_IsText()
    {
        var view = new ConversationView();
        view.Apply(new Script().Says("<script>alert(1)</script>").Events);

        var row = Render<TurnRow>(p => p.Add(r => r.Turn, view.Turns[0]).Add(r => r.AgentName, "A").Add(r => r.Path, "/lab/x").Add(r => r.Whole, _ => Task.FromResult<string?>(null)));

        row.FindAll("script").ShouldBeEmpty();
        row.Find(".said").TextContent.ShouldBe("<script>alert(1)</script>");
    }

    [Fact]
    public void Render_RunningTool_ShowsItFoldedWithoutItsBody()
    {
        var row = Show(new Script().Says("x").Starts().Calls("2", "c1"));

        row.Find("details.tool .status").TextContent.ShouldBe("Running");
        row.FindAll("details.tool pre").ShouldBeEmpty();
    }

    [Fact]
    public void Toggle_Tool_ShowsArgumentsAndResult()
    {
        var row = Show(new Script().Says("x").Starts().Calls("2", "c1").Returns("2", "c1", "{\"value\":\"<b>2</b>\"}"));

        row.Find("details.tool").TriggerEvent("ontoggle", EventArgs.Empty);

        row.FindAll("details.tool pre").Count.ShouldBe(2);
        row.FindAll("details.tool b").ShouldBeEmpty();
    }

    [Fact]
    public void Render_OutcomeUnknown_AsksWithTwoButtons()
    {
        var decisions = new List<OutcomeDecision>();
        var row = Show(
            new Script().Says("x").Starts().Calls("2", "c1").Add(new RunOutcomeUnknown("mail", "c1", "Was it sent?")).Add(new RunPaused("outcome_unknown", "Was it sent?")),
            decide: decision => { decisions.Add(decision); return Task.CompletedTask; });
        row.Find(".question").TextContent.ShouldContain("Was it sent?");

        row.FindAll(".question button")[0].Click();
        row.FindAll(".question button")[1].Click();

        decisions.ShouldBe([OutcomeDecision.Repeat, OutcomeDecision.GoOn]);
    }

    [Fact]
    public void Render_FailedRun_SaysWhyAndOffersToAnswerAgain()
    {
        var row = Show(new Script().Says("x").Starts().Add(new RunFailed("provider_unavailable", "It did not answer.", true, UsageTotals.Zero, 5)), retry: () => Task.CompletedTask);

        row.Find("[role=alert]").TextContent.ShouldContain("It did not answer.");
        row.Find("[aria-label='Answer again']").ShouldNotBeNull();
    }

    private IRenderedComponent<TurnRow> Show(Script script, Func<OutcomeDecision, Task>? decide = null, Func<Task>? retry = null)
    {
        var view = new ConversationView();
        view.Apply(script.Events);
        return Render<TurnRow>(p => p.Add(r => r.Turn, view.LastRun!).Add(r => r.AgentName, "Analyst").Add(r => r.Path, "/lab/x")
            .Add(r => r.Whole, _ => Task.FromResult<string?>(null)).Add(r => r.OnDecide, decide).Add(r => r.OnRetry, retry));
    }
}

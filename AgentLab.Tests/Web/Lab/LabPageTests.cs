using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Tests.Api;
using AgentLab.Web.Features.Lab;
using Bunit;

namespace AgentLab.Tests.Web.Lab;

public sealed class LabPageTests(LabAppFixture fixture) : PageContext(fixture)
{
    [Fact]
    public async Task Ask_FromTheStart_CreatesASessionAndOpensIt()
    {
        var actor = await SignInAsync();
        var page = Render<LabPage>();
        page.WaitForElement(".agents");

        await page.InvokeAsync(() => page.Find("#composer").Input("How many orders are there?"));
        await page.InvokeAsync(() => page.Find("form.composer").Submit());

        page.WaitForAssertion(() => Navigation.Uri.ShouldContain("/lab/"));
        var session = await EndAsync(SessionId.Parse(Navigation.Uri.Split('/')[^1]));
        session.OwnerId.ShouldBe(actor.UserId);
        session.Messages.ShouldBe(1);
    }

    [Fact]
    public async Task Ask_SubmittedTwice_CreatesOneSession()
    {
        var actor = await SignInAsync(LabApp.Other);
        var page = Render<LabPage>();
        page.WaitForElement(".agents");
        await page.InvokeAsync(() => page.Find("#composer").Input("What time is it?"));

        var form = page.Find("form.composer");
        await Task.WhenAll(form.SubmitAsync(), form.SubmitAsync());

        page.WaitForAssertion(() => Navigation.Uri.ShouldContain("/lab/"));
        var sessions = await Get<ISessionReader>().ListAsync(new SessionQuery { OwnerId = actor.UserId }, CancellationToken.None);
        await EndAsync(sessions.Items.ShouldHaveSingleItem().Id);
    }

    [Fact]
    public async Task Open_SessionThatEnded_ShowsMessageAnswerAndSteps()
    {
        var session = await AskAsync(await SignInAsync(), "Which three customers spent the most?");

        var page = Render<LabPage>(p => p.Add(x => x.Id, session.Id.Value));

        page.WaitForAssertion(() => page.Find(".said").TextContent.ShouldBe("Which three customers spent the most?"));
        page.Find(".session-head h1").TextContent.ShouldBe(session.Title);
        page.Find(".session-head .status").TextContent.ShouldBe("Done");
        page.Find("article.run .markdown").TextContent.ShouldNotBeEmpty();
        page.FindAll("article.run details.tool").ShouldNotBeEmpty();
        page.WaitForAssertion(() => page.FindAll(".rail-item[aria-current=page]").Count.ShouldBe(1));
    }

    [Fact]
    public async Task Note_AddedInTheTimeline_ShowsThereAndChangesNothingElse()
    {
        var session = await AskAsync(await SignInAsync(), "What is 5 + 5?");
        var page = Render<LabPage>(p => p.Add(x => x.Id, session.Id.Value));
        page.WaitForAssertion(() => page.FindAll("article.run").Count.ShouldBe(1));
        var button = page.WaitForElement(".timeline button[aria-controls=timeline-note]");

        button.Click();
        page.Find("#timeline-note .button-primary").HasAttribute("disabled").ShouldBeTrue();
        await page.InvokeAsync(() => page.Find("#note-text").Input("Look <b>here</b>"));
        await page.InvokeAsync(() => page.Find("#timeline-note .button-primary").ClickAsync(new()));

        page.WaitForAssertion(() => page.FindAll("#timeline-note").ShouldBeEmpty());
        var events = await Get<ISessionReader>().ReadAsync(session.Id, session.Head, long.MaxValue, 10, null, descending: false, CancellationToken.None);
        events.ShouldHaveSingleItem().Data.ShouldBe(new NoteAdded("Look <b>here</b>", Current.Actor.UserId));
        page.FindAll("article.run").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Note_WithMoreWordsThanAreAllowed_SaysSoAndKeepsThem()
    {
        var session = await AskAsync(await SignInAsync(), "What is 6 + 6?");
        var page = Render<LabPage>(p => p.Add(x => x.Id, session.Id.Value));
        page.WaitForElement(".timeline button[aria-controls=timeline-note]");
        await page.InvokeAsync(() => page.Find(".timeline button[aria-controls=timeline-note]").Click());

        await page.InvokeAsync(() => page.Find("#note-text").Input(new string('n', 5_001)));
        await page.InvokeAsync(() => page.Find("#timeline-note .button-primary").ClickAsync(new()));

        page.Find("#note-problem").TextContent.ShouldContain("at most 5000 are allowed");
        page.Find("#note-text").GetAttribute("value")!.Length.ShouldBe(5_001);
    }

    [Fact]
    public async Task Note_OfAViewer_CannotBeAdded()
    {
        var session = await AskAsync(await SignInAsync(), "What is 7 + 7?");
        Current.Actor = new Actor(Current.Actor.UserId, ActorRole.Viewer);

        var page = Render<LabPage>(p => p.Add(x => x.Id, session.Id.Value));

        page.WaitForElement(".timeline .rows");
        page.FindAll("[aria-controls=timeline-note]").ShouldBeEmpty();
    }

    [Fact]
    public async Task Send_InAnOpenSession_AddsAMessageAndItsAnswer()
    {
        var session = await AskAsync(await SignInAsync(), "What is 2 + 2?");
        var page = Render<LabPage>(p => p.Add(x => x.Id, session.Id.Value));
        page.WaitForElement("#composer");
        page.WaitForAssertion(() => page.FindAll("article.run").Count.ShouldBe(1));

        await page.InvokeAsync(() => page.Find("#composer").Input("And 3 + 3?"));
        await page.InvokeAsync(() => page.Find("form.composer").Submit());

        page.WaitForAssertion(() => page.FindAll(".said").Select(said => said.TextContent).ShouldBe(["What is 2 + 2?", "And 3 + 3?"]));
        page.WaitForAssertion(() => page.FindAll("article.run:not([aria-busy])").Count.ShouldBe(2));
    }

    [Fact]
    public async Task Open_SomeoneElsesSession_ReadsAsMissing()
    {
        var session = await AskAsync(await SignInAsync(), "What is 1 + 1?");
        await SignInAsync(LabApp.Other);

        var page = Render<LabPage>(p => p.Add(x => x.Id, session.Id.Value));

        page.WaitForAssertion(() => page.Find(".pane-main h1").TextContent.ShouldBe("There is no such session"));
        page.Markup.ShouldNotContain("What is 1 + 1?");
    }

    [Theory]
    [InlineData("not a session!")]
    [InlineData("<script>")]
    [InlineData("0190f000-0000-7000-8000-000000000000")]
    public async Task Open_IdOfNoSession_SaysSo(string id)
    {
        await SignInAsync();

        var page = Render<LabPage>(p => p.Add(x => x.Id, id));

        page.WaitForAssertion(() => page.Find(".pane-main h1").TextContent.ShouldBe("There is no such session"));
    }

    [Fact]
    public async Task Open_BeforeTheCircuitRuns_ShowsASkeletonAndReadsNothing()
    {
        var session = await AskAsync(await SignInAsync(), "What is 1 + 1?");
        Renderer.SetRendererInfo(new Microsoft.AspNetCore.Components.RendererInfo("Static", isInteractive: false));

        var page = Render<LabPage>(p => p.Add(x => x.Id, session.Id.Value));

        page.FindAll(".pane-main .skeleton").Count.ShouldBe(1);
        page.FindAll("article").ShouldBeEmpty();
    }

    [Fact]
    public async Task Ask_AsAViewer_IsRefusedInPlace()
    {
        await SignInAsync(LabApp.Viewer);
        var page = Render<LabPage>();
        page.WaitForElement(".agents");

        await page.InvokeAsync(() => page.Find("#composer").Input("hello"));
        await page.InvokeAsync(() => page.Find("form.composer").Submit());

        page.WaitForAssertion(() => page.Find(".composer [role=alert]").TextContent.ShouldContain("not start them"));
    }
}

using System.Text.Json;
using AgentLab.Core.Sessions.Events;
using AgentLab.Web.Features.Lab.View;
using AgentLab.Web.Shared;
using JsonContent = AgentLab.Core.Sessions.Events.JsonContent;

namespace AgentLab.Tests.Web.Lab;

public sealed class ConversationViewTests
{
    private readonly ConversationView _view = new();

    [Fact]
    public void Apply_Deltas_GrowTheAnswer()
    {
        _view.Apply(new Script().Says("hi").Starts().Streams("1", "Hel", "lo").Events);

        var text = _view.LastRun!.Parts.ShouldHaveSingleItem().ShouldBeOfType<TextPart>();
        text.Text.ShouldBe("Hello");
        text.Growing.ShouldBeTrue();
        _view.ActiveRun.ShouldNotBeNull();
    }

    [Fact]
    public void Apply_ModelCompleted_TakesThePlaceOfWhatWasStreamed()
    {
        _view.Apply(new Script().Says("hi").Starts().Streams("1", "Hel").Answers("1", "Hello there").Ends().Events);

        var run = _view.LastRun!;
        run.Answer.ShouldBe("Hello there");
        run.Status.ShouldBe(Status.Done);
        _view.ActiveRun.ShouldBeNull();
    }

    [Fact]
    public void Apply_StepRestarted_DiscardsTheEarlierWords()
    {
        var script = new Script().Says("hi").Starts().Streams("1", "half an ans")
            .Add(new StepRestarted("recovered"), "1", 2).Add(new ModelDelta("whole"), "1", 2);

        _view.Apply(script.Events);

        _view.LastRun!.Answer.ShouldBe("whole");
    }

    [Fact]
    public void Apply_DeltaOfAnEarlierAttempt_IsIgnored()
    {
        var script = new Script().Says("hi").Starts().Streams("1", "old")
            .Add(new ModelDelta("new"), "1", 2).Add(new ModelDelta("late"), "1");

        _view.Apply(script.Events);

        _view.LastRun!.Answer.ShouldBe("new");
    }

    [Fact]
    public void Apply_EventsTwice_ChangeNothingTheSecondTime()
    {
        var events = new Script().Exchange("hi", "Hello").Events;
        _view.Apply(events);

        _view.Apply(events);

        _view.Turns.Count.ShouldBe(2);
        _view.LastRun!.Answer.ShouldBe("Hello");
    }

    [Fact]
    public void Apply_ToolCall_HoldsArgumentsResultAndDuration()
    {
        _view.Apply(new Script().Says("sum").Starts().Calls("2", "c1").Events);
        _view.LastRun!.Tool("c1")!.Status.ShouldBe(Status.Running);

        _view.Apply(new Script().Says("sum").Starts().Calls("2", "c1").Returns("2", "c1").Events.Skip(4));

        _view.Turns.OfType<RunTurn>().SelectMany(run => run.Parts).OfType<ToolPart>()
            .ShouldContain(tool => tool.Status == Status.Done && tool.Result!.Text == "2" && tool.DurationMs == 12);
    }

    [Fact]
    public void Apply_ToolFailed_KeepsCodeAndSentence()
    {
        _view.Apply(new Script().Says("x").Starts().Calls("2", "c1").Add(new ToolFailed("c1", "calculator", "invalid_arguments", "No.", 3), "2").Events);

        var tool = _view.LastRun!.Tool("c1")!;
        tool.Status.ShouldBe(Status.Failed);
        tool.ErrorCode.ShouldBe("invalid_arguments");
    }

    [Fact]
    public void Apply_EditedMessage_ReplacesWhatCameAfter()
    {
        _view.Apply(new Script().Created().Exchange("one", "1").Says("two", replaces: 2).Starts().Events);

        _view.Turns.Where(turn => turn.Replaced).Count().ShouldBe(2);
        _view.LastMessage!.Text.ShouldBe("two");
        _view.LastRun!.Replaced.ShouldBeFalse();
    }

    [Fact]
    public void Apply_Retry_ReplacesTheEarlierAnswerOnly()
    {
        _view.Apply(new Script().Created().Exchange("one", "1").Starts("retry").Events);

        _view.Turns[0].Replaced.ShouldBeFalse();
        _view.Turns[1].Replaced.ShouldBeTrue();
        _view.Turns[2].Replaced.ShouldBeFalse();
    }

    [Fact]
    public void Apply_OutcomeUnknown_AsksUntilTheRunGoesOn()
    {
        var script = new Script().Says("send").Starts().Calls("2", "c1")
            .Add(new RunOutcomeUnknown("mail", "c1", "Was it sent?")).Add(new RunPaused("outcome_unknown", "Was it sent?"));
        _view.Apply(script.Events);
        var run = _view.LastRun!;
        run.Status.ShouldBe(Status.NeedsPerson);
        run.OutcomeUnknown.ShouldBeTrue();
        run.Question.ShouldBe("Was it sent?");

        _view.Apply(script.Add(new RunResumed("decided", "n", 2)).Events);

        run.Status.ShouldBe(Status.Running);
        run.Question.ShouldBeNull();
    }

    [Fact]
    public void Apply_RunCancelled_EndsWhatWasGoingOn()
    {
        _view.Apply(new Script().Says("x").Starts().Streams("1", "half").Calls("2", "c1")
            .Add(new RunStopRequested(null)).Add(new RunCancelled("stop_requested", UsageTotals.Zero, 10)).Events);

        var run = _view.LastRun!;
        run.Status.ShouldBe(Status.Cancelled);
        run.Text("1")!.Growing.ShouldBeFalse();
        run.Tool("c1")!.Status.ShouldBe(Status.Cancelled);
        run.Answer.ShouldBe("half");
    }

    [Fact]
    public void Apply_UnchangedTurn_KeepsItsRevision()
    {
        var script = new Script().Created().Exchange("one", "1").Says("two").Starts().Streams("m2", "a");
        _view.Apply(script.Events);
        var revisions = _view.Turns.Take(3).Select(turn => turn.Revision).ToList();

        _view.Apply(script.Add(new ModelDelta("b"), "m2").Events);

        _view.Turns.Take(3).Select(turn => turn.Revision).ShouldBe(revisions);
    }

    [Fact]
    public void Prepend_AnyCut_EndsAsTheWholeConversation()
    {
        var events = new Script().Created().Exchange("one", "1")
            .Says("two").Starts().Streams("1", "I call").Answers("1", "I call").Calls("2", "c1").Returns("2", "c1").Answers("3", "It is 2.").Ends()
            .Says("three", replaces: 10).Starts().Answers("4", "3").Ends().Events;
        var whole = new ConversationView();
        whole.Apply(events);

        for (var cut = 0; cut <= events.Count; cut++)
        {
            var view = new ConversationView();
            view.Apply(events.Skip(cut));
            view.Prepend([.. events.Take(cut)]);

            Describe(view).ShouldBe(Describe(whole), $"cut at {cut}");
        }
    }

    [Fact]
    public void KeepNewest_DropsTheOldest()
    {
        _view.Apply(new Script().Exchange("one", "1").Exchange("two", "2").Events);

        _view.KeepNewest(2).ShouldBeTrue();

        _view.Turns[0].ShouldBeOfType<MessageTurn>().Text.ShouldBe("two");
        _view.KeepNewest(2).ShouldBeFalse();
    }

    private static string Describe(ConversationView view) => string.Join('\n', view.Turns.Select(turn => turn switch
    {
        MessageTurn message => $"{message.Replaced} message {message.Text}",
        RunTurn run => $"{run.Replaced} run {run.Status} {run.Answer} [{string.Join(',', run.Parts.OfType<ToolPart>().Select(t => $"{t.CallId} {t.Status} {t.Summary}"))}]",
        _ => "",
    }));

    [Fact]
    public void Apply_RunOfAWorkflow_ShowsItsOutputAsTheAnswer()
    {
        var script = new Script().Says("hi").Starts()
            .Add(new NodeStarted("think", "model_prompt"), "think").Streams("think/m", "on the way")
            .Add(new NodeCompleted("think", "out", new JsonContent(), 3), "think")
            .Add(new RunCompleted(1, UsageTotals.Zero, 4, new JsonContent(JsonElement.Parse("""{"text":"The answer"}"""))));

        _view.Apply(script.Events);

        _view.LastRun!.Answer.ShouldBe("The answer");
        _view.LastRun.IsWorkflow.ShouldBeTrue();
        _view.LastRun.Status.ShouldBe(Status.Done);
    }

    [Fact]
    public void Apply_ApprovalOfAWorkflow_IsOpenUntilItIsDecided()
    {
        var id = Guid.NewGuid();
        var script = new Script().Says("hi").Starts().Add(new NodeStarted("ask", "approval"), "ask")
            .Add(new ApprovalRequested(id, "approval", "Go on?", "", null, "hash"), "ask");
        _view.Apply(script.Events);
        _view.LastRun!.OpenApprovals.ShouldHaveSingleItem().Asked.Title.ShouldBe("Go on?");

        _view.Apply(script.Add(new ApprovalDecided(id, "approved", "hash"), "ask").Events);

        _view.LastRun.OpenApprovals.ShouldBeEmpty();
        _view.LastRun.Parts.OfType<NotePart>().ShouldHaveSingleItem().Text.ShouldBe("Approved: Go on?");
    }
}

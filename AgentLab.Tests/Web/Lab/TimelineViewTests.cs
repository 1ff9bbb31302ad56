using AgentLab.Core.Sessions.Events;
using AgentLab.Web.Features.Lab.View;
using AgentLab.Web.Shared;

namespace AgentLab.Tests.Web.Lab;

public sealed class TimelineViewTests
{
    private readonly TimelineView _view = new();

    [Fact]
    public void Rows_Step_IsOneRowUntilItIsOpened()
    {
        _view.Apply(new Script().Created().Exchange("one", "1").Events);
        _view.Rows(TimelineFilter.All).Select(row => row.Entry.Title).ShouldBe(["Session with Analyst", "one", "Run started", "rehearsal", "Run completed"]);

        _view.Entries[3].Open = true;

        _view.Rows(TimelineFilter.All).Count(row => row.Inner is not null).ShouldBe(3);
    }

    [Fact]
    public void Apply_Deltas_AreLeftOut()
    {
        _view.Apply(new Script().Says("x").Starts().Streams("1", [.. Enumerable.Repeat("w", 500)]).Events);

        _view.Entries.Sum(entry => entry.Events.Count).ShouldBe(3);
    }

    [Fact]
    public void Rows_Filtered_HoldThatKindOnly()
    {
        _view.Apply(new Script().Says("x").Starts().Calls("2", "c1").Add(new ToolFailed("c1", "calculator", "bad", "No.", 3), "2").Events);

        _view.Rows(TimelineFilter.Tools).ShouldHaveSingleItem().Entry.Status.ShouldBe(Status.Failed);
        _view.Rows(TimelineFilter.Problems).ShouldHaveSingleItem();
        _view.Rows(TimelineFilter.Messages).ShouldHaveSingleItem();
        _view.Rows(TimelineFilter.Models).ShouldBeEmpty();
    }

    [Fact]
    public void Rows_Notes_AreRowsOfTheirOwnOutsideAnyRun()
    {
        _view.Apply(new Script().Says("x").Starts().Add(new NoteAdded("Ask the carrier\nabout it", Guid.Empty), inRun: false).Ends().Events);

        var note = _view.Rows(TimelineFilter.Notes).ShouldHaveSingleItem().Entry;
        (note.Title, note.IsStep, note.IsProblem, note.Run).ShouldBe(("Ask the carrier", false, false, null));
        _view.Rows(TimelineFilter.All).Count.ShouldBe(4);
    }

    [Fact]
    public void Apply_StepTimes_LieInTheirRun()
    {
        _view.Apply(new Script().Says("x").Starts().Calls("2", "c1").Returns("2", "c1").Ends().Events);

        var step = _view.Entries.Single(entry => entry.IsStep);
        step.OffsetMs.ShouldBe(100);
        step.DurationMs.ShouldBe(12);
        step.Run!.TotalMs.ShouldBe(500);
    }

    [Fact]
    public void Apply_StepThatAPersonStopped_IsNoProblem()
    {
        _view.Apply(new Script().Says("x").Starts().Streams("1", "half").Add(new StepFailed("stop_requested", "Stopped by a person.", 0), "1").Events);

        _view.Entries[^1].Status.ShouldBe(Status.Cancelled);
        _view.Rows(TimelineFilter.Problems).ShouldBeEmpty();
    }

    [Fact]
    public void Apply_EndlessSession_StaysBounded()
    {
        var script = new Script();
        for (var i = 0; i < TimelineView.MaxEvents; i++)
        {
            script.Says("x").Starts();
        }

        _view.Apply(script.Events);

        _view.Entries.Sum(entry => entry.Events.Count).ShouldBeLessThanOrEqualTo(TimelineView.MaxEvents);
        _view.Entries[^1].First.Sequence.ShouldBe(script.Events.Count);
    }

    [Fact]
    public void Prepend_CutInsideAStep_JoinsIt()
    {
        var events = new Script().Created().Exchange("one", "1").Events;
        _view.Apply(events.Skip(6));

        _view.Prepend([.. events.Take(6)]);

        _view.Entries.Count(entry => entry.IsStep).ShouldBe(1);
        _view.FirstSequence.ShouldBe(1);
    }

    [Fact]
    public void Apply_NodeOfAWorkflow_IsOneStepInPlainWords()
    {
        var view = new TimelineView();
        view.Apply(new Script().Says("hi").Starts().Add(new NodeStarted("think", "model_prompt"), "think")
            .Add(new NodeFailed("think", "model_unavailable", "No model answers.", 3), "think").Events);

        var step = view.Entries.Single(entry => entry.IsStep);

        step.Title.ShouldBe("think");
        step.IsProblem.ShouldBeTrue();
        step.Events.Select(e => EventWords.Of(e).Title).ShouldBe(["Started: think", "No model answers."]);
    }
}

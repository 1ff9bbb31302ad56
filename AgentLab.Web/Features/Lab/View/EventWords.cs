using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Web.Shared;

namespace AgentLab.Web.Features.Lab.View;

/// <summary>What an event is called and looks like.</summary>
public static class EventWords
{
    /// <summary>The code of what a person stopped: that is no error.</summary>
    public const string Stopped = "stop_requested";

    /// <summary>Icon, title, state and group of an event.</summary>
    public static (string Icon, string Title, Status? Status, TimelineFilter Kind) Of(SessionEvent e) => e.Data switch
    {
        SessionCreated created => ("flask", $"Session with {created.AgentName ?? created.Workflow?.Name}", null, TimelineFilter.Messages),
        MessageUser message => ("user", Shorten(message.Text), null, TimelineFilter.Messages),
        RunStarted started => ("play", started.Trigger switch { "retry" => "Run started again", "edit" => "Run of the edited message", _ => "Run started" }, null, TimelineFilter.All),
        RunStopRequested => ("stop", "Stop requested", null, TimelineFilter.All),
        RunPaused paused => ("hand", Shorten(paused.Message), Status.NeedsPerson, TimelineFilter.All),
        RunResumed resumed => ("play", resumed.Reason == "recovered" ? "Went on after a restart" : "Run went on", null, TimelineFilter.All),
        RunOutcomeUnknown unknown => ("hand", $"Outcome of {unknown.Tool} unknown", Status.NeedsPerson, TimelineFilter.Tools),
        RunCompleted => ("check-circle", "Run completed", Status.Done, TimelineFilter.All),
        RunFailed failed => ("x-circle", Shorten(failed.Message), Status.Failed, TimelineFilter.All),
        RunCancelled => ("slash-circle", "Run stopped", Status.Cancelled, TimelineFilter.All),
        ArtifactCreated artifact => ("artifact", artifact.Name, null, TimelineFilter.Artifacts),
        BudgetWarned warned => ("coin", $"Nearing the {warned.Limit} limit", Status.NeedsPerson, TimelineFilter.All),
        BudgetExceeded exceeded => ("coin", $"The {exceeded.Limit} limit is reached", Status.Failed, TimelineFilter.All),
        WorkflowShown shown => ("workflow", $"Workflow shown at revision {shown.Revision}", null, TimelineFilter.Messages),
        NoteAdded note => ("edit", Shorten(note.Text), null, TimelineFilter.Notes),
        StepStarted started => ("play", $"Started: {started.Name}", null, TimelineFilter.All),
        StepRestarted restarted => ("retry", restarted.Message is { } why ? Shorten(why) : "Made again", Status.NeedsPerson, TimelineFilter.All),
        StepCompleted => ("check", "Recorded", Status.Done, TimelineFilter.All),
        StepFailed { Code: Stopped } or ToolFailed { Code: Stopped } => ("slash-circle", "Stopped", Status.Cancelled, TimelineFilter.All),
        StepFailed failed => ("x-circle", Shorten(failed.Message), Status.Failed, TimelineFilter.All),
        ModelRequested requested => ("arrow-up", $"Asked with {Show.Count(requested.MessageCount, "message")}", null, TimelineFilter.Models),
        ModelDelta delta => ("more", Shorten(delta.Text), null, TimelineFilter.Models),
        ModelCompleted completed => ("arrow-down", $"Answered: {Show.Count(completed.Usage.OutputTokens, "token")}", null, TimelineFilter.Models),
        ToolRequested requested => ("arrow-up", $"Called {requested.Tool}", null, TimelineFilter.Tools),
        ToolCompleted completed => ("arrow-down", $"{completed.Tool} answered", Status.Done, TimelineFilter.Tools),
        ToolFailed failed => ("x-circle", Shorten(failed.Message), Status.Failed, TimelineFilter.Tools),
        NodeStarted or NodeCompleted or NodeFailed or NodeWaiting or NodeResumed or ApprovalRequested or ApprovalDecided => OfNode(e.Data),
        _ => ("info", e.Type, null, TimelineFilter.All),
    };

    /// <summary>A session's state for a badge.</summary>
    public static (Status Status, string Word) Of(SessionStatus status) => status switch
    {
        SessionStatus.Running => (Status.Running, "Running"),
        SessionStatus.Waiting => (Status.NeedsPerson, "Needs you"),
        SessionStatus.Completed => (Status.Done, "Done"),
        SessionStatus.Failed => (Status.Failed, "Failed"),
        SessionStatus.Cancelled => (Status.Cancelled, "Stopped"),
        _ => (Status.Waiting, "New"),
    };

    private static (string Icon, string Title, Status? Status, TimelineFilter Kind) OfNode(EventData data) => data switch
    {
        NodeStarted { Reason: null } started => ("play", $"Started: {started.Node}", null, TimelineFilter.All),
        NodeStarted started => ("retry", started.Reason == "recovered" ? $"Made again after a restart: {started.Node}" : $"Tried again: {started.Node}", Status.NeedsPerson, TimelineFilter.All),
        NodeCompleted { Source: null } completed => ("check", Shorten(completed.Summary ?? $"{completed.Node} is done"), Status.Done, TimelineFilter.All),
        NodeCompleted completed => ("check", $"{completed.Node} took {OfSource(completed.Source)}", Status.Done, TimelineFilter.All),
        NodeFailed failed => ("x-circle", Shorten(failed.Message), Status.Failed, TimelineFilter.All),
        NodeWaiting waiting => (waiting.ApprovalId is null ? "clock" : "hand", OfWait(waiting), waiting.ApprovalId is null ? Status.Waiting : Status.NeedsPerson, TimelineFilter.All),
        NodeResumed resumed => ("play", resumed.Cause == "delivered" ? "The request came" : "The time has come", null, TimelineFilter.All),
        ApprovalRequested asked => ("hand", Shorten(asked.Title), Status.NeedsPerson, TimelineFilter.All),
        ApprovalDecided { Decision: "approved" } => ("check", "Approved", Status.Done, TimelineFilter.All),
        ApprovalDecided { Decision: "submitted" } => ("check", "Filled in", Status.Done, TimelineFilter.All),
        ApprovalDecided { Decision: "rejected" } => ("slash-circle", "Rejected", Status.Cancelled, TimelineFilter.All),
        _ => ("clock", "Nobody answered in time", Status.Waiting, TimelineFilter.All),
    };

    private static string OfSource(string source) => source switch
    {
        "pinned" => "its pinned value",
        "earlier_run" => "the value of an earlier run",
        "disabled" => "no part: it is switched off",
        _ => "a value described, not made",
    };

    private static string OfWait(NodeWaiting waiting) => waiting.Kind switch
    {
        "timer" => $"{waiting.Node} waits for its time",
        "webhook" => $"{waiting.Node} waits for a request",
        "form" => $"{waiting.Node} waits for a form",
        _ => $"{waiting.Node} waits for an approval",
    };

    private static string Shorten(string text)
    {
        var line = text.AsSpan().Trim();
        var end = line.IndexOf('\n');
        line = end < 0 ? line : line[..end];
        return line.Length <= 90 ? line.ToString() : $"{line[..88]}…";
    }
}

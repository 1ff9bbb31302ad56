using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Tests.Web.Lab;

/// <summary>Writes a session's events in order, as a run leaves them.</summary>
internal sealed class Script
{
    private readonly List<SessionEvent> _events = [];
    private DateTimeOffset _at = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public RunId Run { get; private set; } = RunId.New();

    public IReadOnlyList<SessionEvent> Events => _events;

    public Script Add(EventData data, string? step = null, int attempt = 1, bool inRun = true)
    {
        _at += TimeSpan.FromMilliseconds(100);
        _events.Add(new SessionEvent(
            _events.Count + 1, inRun ? Run : null, step, step is null ? 0 : attempt, EventCatalog.Of(data).Type, 1, _at, EventCatalog.Encode(data)));
        return this;
    }

    public Script Created() => Add(new SessionCreated("Orders", Guid.Empty, 1, "Analyst", Guid.Empty, Guid.Empty), inRun: false);

    public Script Says(string text, long? replaces = null) => Add(new MessageUser(text, null, replaces), inRun: false);

    public Script Starts(string trigger = "message")
    {
        Run = RunId.New();
        return Add(new RunStarted(trigger, Guid.Empty, 1, new RunLimits()));
    }

    public Script Streams(string step, params string[] words)
    {
        Add(new StepStarted("model", "rehearsal"), step);
        foreach (var word in words)
        {
            Add(new ModelDelta(word), step);
        }

        return this;
    }

    public Script Answers(string step, string text) => Add(
        new ModelCompleted(new TextContent(text), [], "stop", "rehearsal", "rehearsal", new UsageTotals(10, 5, 0.5m), 40), step)
        .Add(new StepCompleted(40), step);

    public Script Calls(string step, string callId, string tool = "calculator")
    {
        var arguments = JsonSerializer.SerializeToElement(new { expression = "1+1" });
        return Add(new StepStarted("tool", tool), step).Add(new ToolRequested(callId, tool, arguments, "read", true, "k"), step);
    }

    public Script Returns(string step, string callId, string result = "2", string tool = "calculator") =>
        Add(new ToolCompleted(callId, tool, new TextContent(result), 12), step).Add(new StepCompleted(12), step);

    public Script Ends() => Add(new RunCompleted(1, new UsageTotals(10, 5, 0.5m), 400));

    /// <summary>A question with one streamed answer.</summary>
    public Script Exchange(string question, string answer) => Says(question).Starts().Streams("m", answer).Answers("m", answer).Ends();
}

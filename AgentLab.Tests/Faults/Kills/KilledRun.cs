using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Tests.Core.Workflows.Engine;

namespace AgentLab.Tests.Faults.Kills;

/// <summary>A run of a workflow that its process was killed under, once or often.</summary>
/// <param name="Workflow">The workflow.</param>
/// <param name="Marker">What tells its effects apart.</param>
/// <param name="Id">The run.</param>
/// <param name="Session">Its session.</param>
internal sealed record KilledRun(string Workflow, string Marker, string Id, string Session)
{
    private IReadOnlyList<SessionEvent> _events = [];

    /// <summary>How it ended: completed or cancelled.</summary>
    public string Status { get; set; } = "";

    /// <summary>What it answered.</summary>
    public string? Output { get; set; }

    /// <summary>The lines of its session's log as viewers get them.</summary>
    public IReadOnlyList<string> Log { get; private set; } = [];

    /// <summary>How often it went on after a kill.</summary>
    public int Recovered => _events.Count(e => e.Data is RunResumed { Reason: "recovered" });

    /// <summary>How often it was taken up by a process that was killed before it had done anything.</summary>
    public int RecoveredForNothing => _events.Zip(_events.Skip(1)).Count(pair => pair is { First.Data: RunResumed, Second.Data: RunResumed { Reason: "recovered" } });

    /// <summary>How often a person was asked what became of a step.</summary>
    public int Asked => _events.Count(e => e.Data is RunOutcomeUnknown);

    /// <summary>How often the person said to make it again.</summary>
    public int Repeats => _events.Count(e => e.Data is RunResumed { Reason: "repeat" });

    /// <summary>How many calls of a model were recorded as requested, by the end of the step's id.</summary>
    public int Requested(string step) => _events.Count(e => e.Data is ModelRequested && e.StepId == step);

    /// <summary>Takes the log and holds it against itself: gapless, one run that has begun once and ended once, every step with one end and nothing behind it.</summary>
    public void Check(IReadOnlyList<string> log)
    {
        Log = log;
        _events = [.. log.Select(Read)];
        _events.Select(e => e.Sequence).ShouldBe(Enumerable.Range(1, log.Count).Select(n => (long)n));
        _events.Where(e => e.RunId is not null).ShouldAllBe(e => e.RunId!.Value.ToString() == Id);
        _events.Count(e => e.Data is RunStarted).ShouldBe(1, "a request starts one run, however often it was sent");
        StepEnds.Check(_events);
        var asked = _events.Select(e => e.Data).OfType<ApprovalRequested>().Select(e => e.ApprovalId).ToList();
        var decided = _events.Select(e => e.Data).OfType<ApprovalDecided>().Select(e => e.ApprovalId).ToList();
        asked.ShouldBeUnique();
        decided.ShouldBeUnique();
        (Status == "completed" ? decided.Order() : decided.Union(asked).Order()).ShouldBe(asked.Order(), "each question was answered once");
    }

    private static SessionEvent Read(string line)
    {
        var e = JsonElement.Parse(line);
        return new SessionEvent(
            e.GetProperty("sequence").GetInt64(),
            e.TryGetProperty("runId", out var run) && run.ValueKind == JsonValueKind.String ? RunId.Parse(run.GetString()!) : null,
            e.TryGetProperty("stepId", out var step) ? step.GetString() : null,
            e.TryGetProperty("attempt", out var attempt) && attempt.ValueKind == JsonValueKind.Number ? attempt.GetInt32() : 0,
            e.GetProperty("type").GetString()!,
            1,
            default,
            System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(e.GetProperty("data")).ToArray());
    }
}

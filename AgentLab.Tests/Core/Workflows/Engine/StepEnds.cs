using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Tests.Core.Workflows.Engine;

/// <summary>What holds of every log of a run that has ended: each step that began has one end and nothing behind it, and the run has one end, which is the last that is said of it.</summary>
internal static class StepEnds
{
    public static void Check(IReadOnlyList<SessionEvent> events)
    {
        var open = new Dictionary<string, int>(StringComparer.Ordinal);
        var ended = new HashSet<string>(StringComparer.Ordinal);
        foreach (var e in events.Where(e => e.StepId is not null))
        {
            ended.ShouldNotContain(e.StepId!, $"{e.Type} of {e.StepId} at {e.Sequence} comes behind the step's end");
            switch (e.Data)
            {
                case NodeStarted or StepStarted or StepRestarted:
                    e.Attempt.ShouldBe(open.GetValueOrDefault(e.StepId!) + 1, $"the attempt of {e.StepId} at {e.Sequence}");
                    open[e.StepId!] = e.Attempt;
                    break;
                case NodeCompleted or NodeFailed { RetryMs: null } or StepCompleted or StepFailed:
                    open.Remove(e.StepId!);
                    ended.Add(e.StepId!);
                    break;
                case NodeWaiting or NodeResumed or ApprovalDecided:
                    e.Attempt.ShouldBe(open[e.StepId!], $"the attempt of {e.Type} of {e.StepId} at {e.Sequence}");
                    break;
            }
        }

        open.Keys.ShouldBeEmpty("every step that began has an end");
        events.Count(e => e.Data is RunCompleted or RunFailed or RunCancelled).ShouldBe(1);
        (events[^1].Data is RunCompleted or RunFailed or RunCancelled).ShouldBeTrue($"the run's end is the last event, not {events[^1].Type}");
    }
}

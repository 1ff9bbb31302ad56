using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Agents.Runs;

/// <summary>The ends that are missing in the log of a run whose loop cannot write them any more: every step that began has one when the run has ended.</summary>
internal static class MissingEnds
{
    private const int PageSize = 1000;

    private static readonly string[] Types =
    [
        EventCatalog.Of<NodeStarted>().Type, EventCatalog.Of<NodeCompleted>().Type, EventCatalog.Of<NodeFailed>().Type, EventCatalog.Of<StepStarted>().Type,
        EventCatalog.Of<StepRestarted>().Type, EventCatalog.Of<StepCompleted>().Type, EventCatalog.Of<StepFailed>().Type,
    ];

    /// <summary>A failure for each step that began and has no end: what began last ends first, so that what is inside a step ends before it.</summary>
    public static async Task<List<NewEvent>> ReadAsync(ISessionReader reader, SessionId session, RunId run, string code, string message, CancellationToken cancellationToken)
    {
        var open = new List<SessionEvent>();
        for (long position = 0; ;)
        {
            var page = await reader.ReadAsync(session, position, long.MaxValue, PageSize, Types, descending: false, cancellationToken);
            foreach (var e in page)
            {
                position = e.Sequence;
                if (e.RunId == run && e.StepId is not null)
                {
                    Apply(open, e);
                }
            }

            if (page.Count < PageSize)
            {
                break;
            }
        }

        open.Reverse();
        return [.. open.Select(e => new NewEvent(EndOf(e, code, message), run, e.StepId, e.Attempt))];
    }

    private static void Apply(List<SessionEvent> open, SessionEvent e)
    {
        var at = open.FindIndex(begun => begun.StepId == e.StepId);
        if (e.Data is NodeCompleted or NodeFailed { RetryMs: null } or StepCompleted or StepFailed)
        {
            open.RemoveRange(Math.Max(at, 0), at < 0 ? 0 : 1);
        }
        else if (e.Data is NodeStarted or StepStarted or StepRestarted)
        {
            // A later attempt stands in the place of the first: what is inside a step began after it.
            if (at < 0)
            {
                open.Add(e);
            }
            else
            {
                open[at] = e;
            }
        }
    }

    private static EventData EndOf(SessionEvent begun, string code, string message) =>
        begun.Data is NodeStarted started ? new NodeFailed(started.Node, code, message, 0) : new StepFailed(code, message, 0);
}

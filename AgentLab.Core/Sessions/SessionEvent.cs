using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Sessions;

/// <summary>An immutable fact in a session, as it was committed. Its key is (session, <see cref="Sequence"/>); sequences are 1, 2, 3 … without gaps.</summary>
/// <param name="Sequence">The position in its session, from 1.</param>
/// <param name="RunId">The run it belongs to, if any.</param>
/// <param name="StepId">The step it belongs to, if any; the same for each attempt.</param>
/// <param name="Attempt">The attempt of the step, from 1; 0 where there is no step.</param>
/// <param name="Type">The stable dotted type, see <see cref="EventCatalog"/>.</param>
/// <param name="V">The version of the content's shape.</param>
/// <param name="At">When it was appended, to the microsecond.</param>
/// <param name="Json">The content as UTF-8 JSON, exactly the committed bytes.</param>
public sealed record SessionEvent(
    long Sequence, RunId? RunId, string? StepId, int Attempt, string Type, int V, DateTimeOffset At, ReadOnlyMemory<byte> Json)
{
    private EventData? _data;

    /// <summary>An event whose writer still has the record at hand: it is not read from its bytes again.</summary>
    public SessionEvent(
        long sequence, RunId? runId, string? stepId, int attempt, string type, int v, DateTimeOffset at, ReadOnlyMemory<byte> json, EventData data)
        : this(sequence, runId, stepId, attempt, type, v, at, json) => _data = data;

    /// <summary>The content as a record; lifted when it was written by an older version; null for a type or a version that is not known here.</summary>
    public EventData? Data => _data ??= EventCatalog.Decode(Type, V, Json.Span);
}

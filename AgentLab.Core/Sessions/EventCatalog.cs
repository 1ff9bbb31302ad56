using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Sessions;

/// <summary>
/// Every kind of event: its stable dotted type, its current version and its JSON shape. <c>docs/events.md</c> lists the same and a test compares them.
/// A new version of a kind adds here the step that lifts the one before it; its number follows from how many there are.
/// </summary>
public static class EventCatalog
{
    /// <summary>The most bytes of JSON that one event's data may have; larger content goes to a blob.</summary>
    public const int MaxDataBytes = 64 * 1024;

    private static readonly EventJson Json = EventJson.Events;

    /// <summary>All kinds, in the order of the documentation.</summary>
    public static IReadOnlyList<EventKind> All { get; } =
    [
        Kind("session.created", Json.SessionCreated),
        Kind("message.user", Json.MessageUser),
        Kind("run.started", Json.RunStarted),
        Kind("run.stop.requested", Json.RunStopRequested),
        Kind("run.paused", Json.RunPaused),
        Kind("run.resumed", Json.RunResumed),
        Kind("run.outcome_unknown", Json.RunOutcomeUnknown),
        Kind("run.completed", Json.RunCompleted),
        Kind("run.failed", Json.RunFailed),
        Kind("run.cancelled", Json.RunCancelled),
        Kind("step.started", Json.StepStarted),
        Kind("step.restarted", Json.StepRestarted),
        Kind("step.completed", Json.StepCompleted),
        Kind("step.failed", Json.StepFailed),
        Kind("model.requested", Json.ModelRequested),
        Kind("model.delta", Json.ModelDelta),
        Kind("model.completed", Json.ModelCompleted),
        Kind("tool.requested", Json.ToolRequested),
        Kind("tool.completed", Json.ToolCompleted),
        Kind("tool.failed", Json.ToolFailed),
        Kind("approval.requested", Json.ApprovalRequested),
        Kind("approval.decided", Json.ApprovalDecided),
        Kind("node.started", Json.NodeStarted),
        Kind("node.waiting", Json.NodeWaiting),
        Kind("node.resumed", Json.NodeResumed),
        Kind("node.completed", Json.NodeCompleted),
        Kind("node.failed", Json.NodeFailed),
        Kind("workflow.shown", Json.WorkflowShown),
        Kind("artifact.created", Json.ArtifactCreated),
        Kind("budget.warned", Json.BudgetWarned),
        Kind("budget.exceeded", Json.BudgetExceeded),
        Kind("note.added", Json.NoteAdded),
    ];

    private static readonly FrozenDictionary<string, EventKind> ByType = All.ToFrozenDictionary(k => k.Type, StringComparer.Ordinal);
    private static readonly FrozenDictionary<Type, EventKind> ByClrType = All.ToFrozenDictionary(k => k.DataType);

    /// <summary>The kind of this content.</summary>
    /// <exception cref="KeyNotFoundException">The record is not registered above.</exception>
    public static EventKind Of(EventData data) => ByClrType[data.GetType()];

    /// <summary>The kind of a record type.</summary>
    public static EventKind Of<T>() where T : EventData => ByClrType[typeof(T)];

    /// <summary>The kind with this dotted type, or null: readers tolerate kinds that a later version wrote.</summary>
    public static EventKind? Find(string type) => ByType.GetValueOrDefault(type);

    /// <summary>Writes the content as UTF-8 JSON.</summary>
    /// <exception cref="ArgumentException">It is over <see cref="MaxDataBytes"/>.</exception>
    public static byte[] Encode(EventData data)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(data, Of(data).TypeInfo);
        return bytes.Length <= MaxDataBytes
            ? bytes
            : throw new ArgumentException($"The data of a {Of(data).Type} event is {bytes.Length} bytes; at most {MaxDataBytes} are allowed, larger content goes to a blob.", nameof(data));
    }

    /// <summary>Reads content of this type and version, see <see cref="EventKind.Decode"/>; null for a type or a version that is not known here.</summary>
    /// <exception cref="JsonException">The bytes are not what the catalog says of the type.</exception>
    public static EventData? Decode(string type, int version, ReadOnlySpan<byte> data) => Find(type)?.Decode(version, data);

    private static EventKind Kind<T>(string type, JsonTypeInfo<T> info, params EventLift[] lifts) where T : EventData => new(type, typeof(T), info, lifts);
}

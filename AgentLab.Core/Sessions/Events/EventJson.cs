using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AgentLab.Core.Sessions.Events;

/// <summary>How event data is written: camel case, nothing for null, characters outside ASCII as themselves.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionCreated))]
[JsonSerializable(typeof(MessageUser))]
[JsonSerializable(typeof(RunStarted))]
[JsonSerializable(typeof(RunStopRequested))]
[JsonSerializable(typeof(RunPaused))]
[JsonSerializable(typeof(RunResumed))]
[JsonSerializable(typeof(RunOutcomeUnknown))]
[JsonSerializable(typeof(RunCompleted))]
[JsonSerializable(typeof(RunFailed))]
[JsonSerializable(typeof(RunCancelled))]
[JsonSerializable(typeof(StepStarted))]
[JsonSerializable(typeof(StepRestarted))]
[JsonSerializable(typeof(StepCompleted))]
[JsonSerializable(typeof(StepFailed))]
[JsonSerializable(typeof(ModelRequested))]
[JsonSerializable(typeof(ModelDelta))]
[JsonSerializable(typeof(ModelCompleted))]
[JsonSerializable(typeof(ToolRequested))]
[JsonSerializable(typeof(ToolCompleted))]
[JsonSerializable(typeof(ToolFailed))]
[JsonSerializable(typeof(ApprovalRequested))]
[JsonSerializable(typeof(ApprovalDecided))]
[JsonSerializable(typeof(NodeStarted))]
[JsonSerializable(typeof(NodeWaiting))]
[JsonSerializable(typeof(NodeResumed))]
[JsonSerializable(typeof(NodeCompleted))]
[JsonSerializable(typeof(NodeFailed))]
[JsonSerializable(typeof(WorkflowShown))]
[JsonSerializable(typeof(ArtifactCreated))]
[JsonSerializable(typeof(BudgetWarned))]
[JsonSerializable(typeof(BudgetExceeded))]
[JsonSerializable(typeof(NoteAdded))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class EventJson : JsonSerializerContext
{
    /// <summary>The context in use. The relaxed encoder is safe here: events are served as JSON, never inside HTML.</summary>
    public static EventJson Events { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

using System.Text.Json;
using System.Text.Json.Serialization;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Core.Workflows.Builder;

/// <summary>What a tool that changes the copy answers: for the model to read, and for the fold that makes the copy again.</summary>
internal sealed record EditResult
{
    /// <summary>What was done, one line for people and models.</summary>
    public required string Done { get; init; }

    /// <summary>The node it is about.</summary>
    public string? Node { get; init; }

    /// <summary>The node's kind.</summary>
    public string? Kind { get; init; }

    /// <summary>The node's output ports, for the next connection.</summary>
    public IReadOnlyList<string>? Ports { get; init; }

    /// <summary>What is not right about the node yet.</summary>
    public IReadOnlyList<string>? Problems { get; init; }

    /// <summary><c>add</c>, <c>change</c>, <c>remove</c>, <c>connect</c>, <c>disconnect</c> or <c>unmapped</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The words of the message that it stands for.</summary>
    public string? Phrase { get; init; }

    /// <summary>For <c>unmapped</c>: why not.</summary>
    public string? Reason { get; init; }

    /// <summary>For <c>unmapped</c>: what comes nearest.</summary>
    public string? Nearest { get; init; }

    /// <summary>What was done to the copy.</summary>
    public IReadOnlyList<WorkflowOperation> Operations { get; init; } = [];

    /// <summary>The result of a call; null when it is that of a tool that only looks.</summary>
    public static EditResult? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, EditResultJson.Written.EditResult);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>As JSON.</summary>
    public JsonElement ToElement() => JsonSerializer.SerializeToElement(this, EditResultJson.Written.EditResult);
}

/// <summary>Written as definitions are, so that operations in it read the same.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(EditResult))]
internal sealed partial class EditResultJson : JsonSerializerContext
{
    public static EditResultJson Written { get; } = new(new JsonSerializerOptions(WorkflowJson.Compact.Options) { TypeInfoResolver = null });
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentLab.Core.Workflows.Definition;

/// <summary>How definitions and operations are written: camel case, enums in snake case, defaults left out, characters outside ASCII as themselves.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 64)]
[JsonSerializable(typeof(WorkflowDefinition))]
[JsonSerializable(typeof(IReadOnlyList<WorkflowOperation>))]
[JsonSerializable(typeof(WorkflowProblem[]))]
[JsonSerializable(typeof(string))]
public sealed partial class WorkflowJson : JsonSerializerContext
{
    /// <summary>Compact, for the wire and the database.</summary>
    public static WorkflowJson Compact { get; } = new(WrittenAs(indented: false));

    /// <summary>Indented by two blanks with <c>\n</c>, for files that people and git read.</summary>
    public static WorkflowJson Readable { get; } = new(WrittenAs(indented: true));

    private static JsonSerializerOptions WrittenAs(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        MaxDepth = 64,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        WriteIndented = indented,
        NewLine = "\n",
    };
}

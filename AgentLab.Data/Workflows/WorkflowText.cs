using System.Security.Cryptography;
using System.Text.Json;
using AgentLab.Core.Agents;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Data.Workflows;

/// <summary>Definitions and gestures as bytes, and their texts as columns.</summary>
internal static class WorkflowText
{
    /// <summary>The longest note of a publication, in characters.</summary>
    public const int NoteLength = 500;

    /// <summary>The longest label of a gesture, in characters; a longer one is cut.</summary>
    public const int LabelLength = 200;

    public static byte[] Write(WorkflowDefinition definition) => JsonSerializer.SerializeToUtf8Bytes(definition, WorkflowJson.Compact.WorkflowDefinition);

    public static WorkflowDefinition Read(byte[] json) =>
        JsonSerializer.Deserialize(json, WorkflowJson.Compact.WorkflowDefinition) ?? throw new JsonException("A workflow's stored definition is empty.");

    public static byte[] Write(IReadOnlyList<WorkflowOperation> operations) =>
        JsonSerializer.SerializeToUtf8Bytes(operations, WorkflowJson.Compact.IReadOnlyListWorkflowOperation);

    public static IReadOnlyList<WorkflowOperation> ReadOperations(byte[] json) =>
        JsonSerializer.Deserialize(json, WorkflowJson.Compact.IReadOnlyListWorkflowOperation) ?? [];

    public static string Hash(byte[] json) => Convert.ToHexStringLower(SHA256.HashData(json));

    public static string Tags(IReadOnlyList<string> tags) => string.Concat(tags.Select(tag => tag + "\n"));

    public static IReadOnlyList<string> ReadTags(string tags) => tags.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static string NormalizedTags(IReadOnlyList<string> tags) =>
        tags.Count == 0 ? string.Empty : "\n" + string.Concat(tags.Select(tag => AgentRules.NormalizeName(tag) + "\n"));

    /// <summary>Cuts a text without leaving half a character.</summary>
    public static string Cut(string text, int longest) =>
        text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
}

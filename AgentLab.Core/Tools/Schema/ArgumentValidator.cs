using System.Text.Json;
using AgentLab.Core.Schema;

namespace AgentLab.Core.Tools.Schema;

/// <summary>Checks the arguments of a tool call against the tool's schema, and says what is wrong in words that a model can mend it by.</summary>
internal static class ArgumentValidator
{
    private const int MaxProblems = 5;

    /// <summary>The problems in document order, at most five, each a phrase such as "query is missing"; empty when the arguments fit.</summary>
    public static IReadOnlyList<string> Validate(JsonElement schema, JsonElement arguments) =>
        arguments.ValueKind != JsonValueKind.Object
            ? ["they must be one JSON object"]
            : [.. JsonSchema.Check(schema, arguments, MaxProblems).Select(fault => fault.ToString())];
}

using System.Text.Json;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Engine.Compiled;

/// <summary>A version made ready to run: its topology as arrays and its templates compiled. Immutable and shared by all its runs.</summary>
internal sealed class CompiledWorkflow
{
    /// <summary>The definition.</summary>
    public required WorkflowDefinition Definition { get; init; }

    /// <summary>The definition as numbers.</summary>
    public required WorkflowGraph Graph { get; init; }

    /// <summary>The nodes, by their places in the definition.</summary>
    public required CompiledNode[] Nodes { get; init; }

    /// <summary>The nodes outside every loop.</summary>
    public required CompiledBody Top { get; init; }

    /// <summary>The output mapping; null answers with the last value.</summary>
    public ICompiledSettings? Output { get; init; }

    /// <summary>What the input must be; null takes any object.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>The node of this id; null when there is none.</summary>
    public CompiledNode? Find(string id) => Graph.IndexOf(id) is >= 0 and var index ? Nodes[index] : null;
}

/// <summary>The nodes of one frame: the top level or the body of a loop, in flow order.</summary>
internal sealed class CompiledBody(CompiledNode[] nodes)
{
    /// <summary>In flow order: none before those that lead to it.</summary>
    public CompiledNode[] Nodes => nodes;
}

/// <summary>An edge inside a frame.</summary>
/// <param name="Source">The node that it leaves.</param>
/// <param name="FromPort">Through which port.</param>
/// <param name="Target">The node that it enters.</param>
/// <param name="EntersBody">It comes from the loop round the frame: it is always live and carries the item.</param>
internal sealed record CompiledEdge(CompiledNode Source, string FromPort, CompiledNode Target, bool EntersBody);

/// <summary>How a merge node decides.</summary>
/// <param name="Needed">How many live inputs let it run at once; null waits until all are decided.</param>
internal readonly record struct MergeRule(int? Needed)
{
    public static MergeRule Of(JsonElement settings)
    {
        if (settings.ValueKind != JsonValueKind.Object || !settings.TryGetProperty("mode", out var mode) || mode.ValueKind != JsonValueKind.String)
        {
            return default;
        }

        return mode.GetString() switch
        {
            "any" => new MergeRule(1),
            "count" => new MergeRule(
                settings.TryGetProperty("count", out var count) && count.ValueKind == JsonValueKind.Number && count.TryGetInt32(out var number) ? Math.Max(1, number) : 2),
            _ => default,
        };
    }
}

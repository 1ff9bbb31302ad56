using System.Text.Json.Nodes;
using AgentLab.Core.Workflows.Nodes.ActionBlocks;

namespace AgentLab.Web.Features.Workflows.Editor;

/// <summary>Action blocks in the table of the canvas: a block is offered like a kind, and makes a node of the kind that it names with the block's settings.</summary>
internal static class ActionBlockTypes
{
    /// <summary>The palette's section.</summary>
    public const string Group = "Action blocks";

    /// <summary>What stands for the block where the canvas expects a kind.</summary>
    public static string KeyOf(ActionBlock block) => $"block:{block.Id:N}";

    /// <summary>The table of kinds with the blocks behind them; blocks of kinds that are not there are left out.</summary>
    /// <param name="kinds">The table of kinds, see <see cref="NodeTypeTable"/>.</param>
    /// <param name="blocks">The blocks, in their order.</param>
    public static string With(string kinds, IReadOnlyList<ActionBlock> blocks)
    {
        if (blocks.Count == 0)
        {
            return kinds;
        }

        var table = JsonNode.Parse(kinds)!.AsArray();
        var byKind = table.OfType<JsonObject>().ToDictionary(type => (string)type["kind"]!, StringComparer.Ordinal);
        foreach (var block in blocks)
        {
            if (byKind.TryGetValue(block.Kind, out var kind))
            {
                table.Add((JsonNode)Of(block, kind));
            }
        }

        return table.ToJsonString();
    }

    /// <summary>The blocks in which every word of the text occurs.</summary>
    public static IReadOnlyList<ActionBlock> Find(IReadOnlyList<ActionBlock> blocks, string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. blocks.Where(block => words.All(word => Has(block, word)))];
    }

    private static bool Has(ActionBlock block, string word) =>
        block.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
        || block.Description.Contains(word, StringComparison.OrdinalIgnoreCase)
        || block.Keywords.Any(keyword => keyword.StartsWith(word, StringComparison.OrdinalIgnoreCase));

    private static JsonObject Of(ActionBlock block, JsonObject kind)
    {
        var type = kind.DeepClone().AsObject();
        type["kind"] = KeyOf(block);
        type["makes"] = block.Kind;
        type["title"] = block.Name;
        type["group"] = Group;
        type["description"] = block.Description;
        type["keywords"] = new JsonArray([.. block.Keywords.Select(word => (JsonNode)word)]);
        type["defaults"] = new JsonObject { ["settings"] = JsonNode.Parse(block.Settings.GetRawText()) };
        return type;
    }
}

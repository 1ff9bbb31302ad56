using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Data;

/// <summary>deduplicate: each item of a list once.</summary>
internal sealed class Deduplicate : PureKind
{
    private readonly ItemExpressions _by = new("by");

    public override NodeDescription Description { get; } = new()
    {
        Kind = "deduplicate",
        Title = "Remove duplicates",
        Group = NodeGroups.Data,
        Summary = "Keeps each item of a list once.",
        Help = "Two items are the same when what **By** gives is equal: the whole item unless you say otherwise, such as `{{item.email}}`. The first of them stays.",
        Icon = "M4.5 4.5h10v10h-10zM17.5 9.5h2v10h-10v-2M7 9.5l2 2 3.5-4",
        Keywords = ["unique", "distinct", "duplicates", "list", "items"],
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "items": { "title": "Items", "description": "A list.", "default": "{{data}}", "x-control": "text" },
                "by": { "type": "string", "title": "By", "default": "{{item}}", "examples": ["{{item.email}}"], "x-template": false }
              },
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"items": "{{data.orders}}", "by": "{{item.customer}}"}"""),
    };

    public override IEnumerable<SettingFault> Check(JsonElement settings) => _by.Check(settings);

    /// <summary>A text that is the same for equal values: numbers by value, not by how they are written.</summary>
    internal static string KeyOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? ExpressionValue.Of(number).ToString() : value.GetRawText();

    protected override NodeResult Run(NodeCall call)
    {
        var by = _by.Of(call);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var kept = new List<JsonElement>();
        var index = 0;
        foreach (var item in Settings.ItemsOf(call))
        {
            if (seen.Add(KeyOf(by.Evaluate(call.Scope with { Item = item, Index = index++ }))))
            {
                kept.Add(item);
            }
        }

        return new NodeResult.Completed(JsonOutput.List(kept)) { Summary = $"{kept.Count} of {index} items" };
    }
}

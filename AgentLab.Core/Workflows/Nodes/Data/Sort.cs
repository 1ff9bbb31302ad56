using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Expressions.Conditions;

namespace AgentLab.Core.Workflows.Nodes.Data;

/// <summary>sort: the items of a list in order.</summary>
internal sealed class Sort : PureKind
{
    private readonly ItemExpressions _by = new("by");

    public override NodeDescription Description { get; } = new()
    {
        Kind = "sort",
        Title = "Sort",
        Group = NodeGroups.Data,
        Summary = "Puts the items of a list in order.",
        Help = """
            Each line names what to sort by, such as `{{item.total}}`; the next line decides where the one before is equal. Numbers, times and texts sort as such; missing values come
            first. Items that are equal keep their order.
            """,
        Icon = "M7 4.5v15M7 19.5l-3-3M7 19.5l3-3M13 6h7M13 11h5M13 16h3",
        Keywords = ["order", "rank", "list", "items", "ascending", "descending"],
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "items": { "title": "Items", "description": "A list.", "default": "{{data}}", "x-control": "text" },
                "by": {
                  "type": "array", "title": "By", "minItems": 1, "maxItems": 10, "x-template": false,
                  "items": { "type": "object", "properties": { "value": { "type": "string", "title": "Value", "examples": ["{{item.total}}"] }, "descending": { "type": "boolean", "title": "Greatest first", "default": false } }, "required": ["value"], "additionalProperties": false }
                }
              },
              "required": ["by"],
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"items": "{{data.orders}}", "by": [{"value": "{{item.total}}", "descending": true}]}"""),
    };

    public override IEnumerable<SettingFault> Check(JsonElement settings) => _by.Check(settings);

    protected override NodeResult Run(NodeCall call)
    {
        var by = _by.Of(call);
        var rows = new List<(JsonElement Item, ExpressionValue[] Keys)>();
        bool[] descending = [.. call.Settings.Items("by"u8).Select(line => line.IsTrue("descending"u8))];
        foreach (var item in Settings.ItemsOf(call))
        {
            var lines = by.Evaluate(call.Scope with { Item = item, Index = rows.Count });
            rows.Add((item, [.. lines.EnumerateArray().Select(line => ExpressionValue.Of(line.Member("value"u8)))]));
        }

        return NodeResult.Of(JsonOutput.List(rows.Order(Comparer<(JsonElement Item, ExpressionValue[] Keys)>.Create((a, b) => Compare(a.Keys, b.Keys, descending))).Select(r => r.Item)));
    }

    private static int Compare(ExpressionValue[] left, ExpressionValue[] right, bool[] descending)
    {
        for (var i = 0; i < left.Length; i++)
        {
            if (Comparison.Rank(left[i], right[i]) is not 0 and var order)
            {
                return descending[i] ? -order : order;
            }
        }

        return 0;
    }
}

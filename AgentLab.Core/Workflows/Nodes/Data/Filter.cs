using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Expressions.Conditions;

namespace AgentLab.Core.Workflows.Nodes.Data;

/// <summary>filter: the items of a list for which a condition holds.</summary>
internal sealed class Filter : PureKind
{
    private readonly ItemExpressions _condition = new("condition");

    public override NodeDescription Description { get; } = new()
    {
        Kind = "filter",
        Title = "Filter",
        Group = NodeGroups.Data,
        Summary = "Keeps the items of a list that meet a condition.",
        Help = """
            The condition is asked of each item: `{{item}}` is the item, `{{index}}` its number from 0. Out goes the list of those for which it holds, in their order.
            """,
        Icon = "M4 5.5h16l-6.2 7.2v5.6l-3.6 1.9v-7.5z",
        Keywords = ["where", "select", "keep", "list", "items", "condition"],
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "items": { "title": "Items", "description": "A list.", "default": "{{data}}", "examples": ["{{data.orders}}"], "x-control": "text" },
                "condition": { "type": "object", "title": "Keep an item if", "x-control": "conditions", "x-template": false }
              },
              "required": ["condition"],
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"items": "{{data.orders}}", "condition": {"left": "{{item.total}}", "operator": "greater", "right": 100}}"""),
    };

    public override IEnumerable<SettingFault> Check(JsonElement settings) =>
        [.. _condition.Check(settings), .. Settings.CheckCondition(settings, "condition", "/condition")];

    protected override NodeResult Run(NodeCall call)
    {
        var condition = _condition.Of(call);
        var kept = new List<JsonElement>();
        var index = 0;
        foreach (var item in Settings.ItemsOf(call))
        {
            if (Condition.Holds(condition.Evaluate(call.Scope with { Item = item, Index = index++ })))
            {
                kept.Add(item);
            }
        }

        return new NodeResult.Completed(JsonOutput.List(kept)) { Summary = $"{kept.Count} of {index} items" };
    }
}

using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Expressions.Conditions;

namespace AgentLab.Core.Workflows.Nodes.Flow;

/// <summary>condition: one way or the other.</summary>
internal sealed class ConditionNode : PureKind
{
    public override NodeDescription Description { get; } = new()
    {
        Kind = "condition",
        Title = "Condition",
        Group = NodeGroups.Flow,
        Summary = "Goes one way when a condition holds, and the other when it does not.",
        Help = """
            What came in goes out unchanged, through **true** or **false**. Both sides may be references; groups of conditions hold when **all** or **any** of them hold.
            A number compares with a number and a text with a text; anything else is an error that says so.
            """,
        Icon = "M12 3.5 20.5 12 12 20.5 3.5 12zM10 10.2a2 2 0 1 1 2.6 1.9c-.4.2-.6.5-.6 1M12 15.6v.1",
        Keywords = ["if", "else", "branch", "when", "decide"],
        Outputs = [new("true", "true"), new("false", "false")],
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": { "condition": { "type": "object", "title": "If", "x-control": "conditions" } },
              "required": ["condition"],
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"condition": {"all": [{"left": "{{data.total}}", "operator": "greater", "right": 100}, {"left": "{{data.country}}", "operator": "in", "right": ["DE", "AT"]}]}}"""),
    };

    public override IEnumerable<SettingFault> Check(JsonElement settings) => Settings.CheckCondition(settings, "condition", "/condition");

    protected override NodeResult Run(NodeCall call) =>
        new NodeResult.Completed(call.Data, Condition.Holds(call.Settings.GetProperty("condition"u8)) ? "true" : "false");
}

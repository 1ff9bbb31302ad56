using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Expressions.Conditions;

namespace AgentLab.Core.Workflows.Nodes.Flow;

/// <summary>while: its body again and again as long as a condition holds.</summary>
internal sealed class While : PureKind, ILoopKind
{
    private readonly ItemExpressions _condition = new("condition");
    private readonly ItemExpressions _result = new("result");

    public override NodeDescription Description { get; } = new()
    {
        Kind = "while",
        Title = "While",
        Group = NodeGroups.Flow,
        Summary = "Runs what hangs on \"each\" again and again while a condition holds.",
        Help = """
            The condition is asked before each iteration: `{{data}}` is the newest result, at first what came in, and `{{index}}` the number of the iteration from 0. The results go out
            through **done** as a list. More iterations than **at most** fail the node.
            """,
        Icon = "M19 12a7 7 0 1 1-2.4-5.3M19.5 4v4h-4M9.5 12l2 2 3.5-4",
        Keywords = ["repeat", "until", "loop", "poll", "condition"],
        Role = NodeRole.Loop,
        Outputs = [new("each", "each"), new("done", "done", "list")],
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "condition": { "type": "object", "title": "As long as", "x-control": "conditions", "x-template": false },
                "max": { "type": "integer", "title": "At most", "minimum": 1, "maximum": 100000, "default": 100, "x-template": false },
                "result": { "type": "string", "title": "Result of an iteration", "examples": ["{{nodes.fetch.page}}"], "x-advanced": true, "x-template": false }
              },
              "required": ["condition"],
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"condition": {"left": "{{data.next}}", "operator": "exists"}, "max": 20}"""),
    };

    public override IEnumerable<SettingFault> Check(JsonElement settings) =>
        [.. _condition.Check(settings), .. Settings.CheckCondition(settings, "condition", "/condition"), .. _result.Check(settings)];

    public LoopPlan Plan(NodeCall call) => new(null, 1, call.Settings.Whole("max"u8, 100))
    {
        Result = call.Settings.Text("result"u8) is { Length: > 0 } result ? result : null,
    };

    public bool Continues(NodeCall call, int iteration) => Condition.Holds(_condition.Of(call).Evaluate(call.Scope with { Data = call.Data, Index = iteration }));

    protected override NodeResult Run(NodeCall call) => new NodeResult.Completed(call.Data, "done");
}

using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Flow;

/// <summary>loop: its body once for each item of a list.</summary>
internal sealed class Loop : PureKind, ILoopKind
{
    private readonly ItemExpressions _result = new("result");

    public override NodeDescription Description { get; } = new()
    {
        Kind = "loop",
        Title = "For each",
        Group = NodeGroups.Flow,
        Summary = "Runs what hangs on \"each\" once for every item of a list.",
        Help = """
            Inside, `{{item}}` is the item and `{{index}}` its number from 0; the first node's `{{data}}` is the item too. **Result** says what an iteration gives; without it the value of
            its last node. The list of results goes out through **done**, in the order of the items. **At a time** lets several iterations run at once.
            """,
        Icon = "M5 11V9.5a3 3 0 0 1 3-3h10M15.5 3.5l3 3-3 3M19 13v1.5a3 3 0 0 1-3 3H6M8.5 20.5l-3-3 3-3",
        Keywords = ["iterate", "repeat", "list", "items", "for", "each", "batch"],
        Subtitle = "{items}",
        Role = NodeRole.Loop,
        Outputs = [new("each", "each"), new("done", "done", "list")],
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "items": { "title": "Items", "description": "A list.", "default": "{{data}}", "x-control": "text", "examples": ["{{data.orders}}"] },
                "parallel": { "type": "integer", "title": "At a time", "minimum": 1, "maximum": 64, "default": 1, "x-template": false },
                "max": { "type": "integer", "title": "At most", "description": "A longer list fails the node.", "minimum": 1, "maximum": 100000, "default": 1000, "x-template": false },
                "result": { "type": "string", "title": "Result of an iteration", "examples": ["{{nodes.fetch.total}}"], "x-advanced": true, "x-template": false },
                "keep_going": { "type": "boolean", "title": "Go on when an iteration fails", "default": false, "x-advanced": true, "x-template": false }
              },
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"items": "{{data.orders}}", "parallel": 4, "max": 500}"""),
    };

    public override IEnumerable<SettingFault> Check(JsonElement settings) => _result.Check(settings);

    public LoopPlan Plan(NodeCall call)
    {
        var items = Settings.ListOf(call);
        var list = new JsonElement[items.GetArrayLength()];
        var i = 0;
        foreach (var item in items.EnumerateArray())
        {
            list[i++] = item;
        }

        return new LoopPlan(list, call.Settings.Whole("parallel"u8, 1), call.Settings.Whole("max"u8, 1000))
        {
            Result = call.Settings.Text("result"u8) is { Length: > 0 } result ? result : null,
            KeepGoing = call.Settings.IsTrue("keep_going"u8),
        };
    }

    protected override NodeResult Run(NodeCall call) => new NodeResult.Completed(call.Data, "done");
}

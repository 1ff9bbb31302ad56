using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Data;

/// <summary>limit: the first or last items of a list.</summary>
internal sealed class Limit : PureKind
{
    public override NodeDescription Description { get; } = new()
    {
        Kind = "limit",
        Title = "Limit",
        Group = NodeGroups.Data,
        Summary = "Keeps the first or the last items of a list.",
        Help = "Out goes the list with at most so many items. Sort before it for the greatest or the newest.",
        Icon = "M4 6h16M4 11h16M4 16h6M14 18l2.5 2L20 15.5",
        Keywords = ["first", "last", "top", "take", "list", "items"],
        Subtitle = "{from} {count}",
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "items": { "title": "Items", "description": "A list.", "default": "{{data}}", "x-control": "text" },
                "count": { "type": "integer", "title": "How many", "minimum": 0, "maximum": 100000, "default": 10 },
                "from": { "type": "string", "title": "From the", "enum": ["first", "last"], "default": "first", "x-template": false }
              },
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"items": "{{data.orders}}", "count": 3, "from": "first"}"""),
    };

    protected override NodeResult Run(NodeCall call)
    {
        var list = Settings.ListOf(call);
        var total = list.GetArrayLength();
        var count = Math.Clamp(call.Settings.Whole("count"u8, 10), 0, total);
        var kept = call.Settings.Text("from"u8) == "last" ? list.EnumerateArray().Skip(total - count) : list.EnumerateArray().Take(count);
        return new NodeResult.Completed(JsonOutput.List(kept)) { Summary = $"{count} of {total} items" };
    }
}

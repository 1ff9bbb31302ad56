using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Flow;

/// <summary>sub_workflow: another workflow as one node.</summary>
internal sealed class SubWorkflow : PureKind
{
    public override NodeDescription Description { get; } = new()
    {
        Kind = "sub_workflow",
        Title = "Sub-workflow",
        Group = NodeGroups.Flow,
        Summary = "Runs another workflow inside this run.",
        Help = """
            The other workflow gets **Input** as its input, checked against its schema; its output goes out. Its steps are in this run's log. Without a version the newest published one is taken
            when this run starts, and kept.
            """,
        Icon = "M4 4.5h16v15H4zM7 8h4v3.5H7zM13 12.5h4V16h-4zM11 9.8h4v2.7",
        Keywords = ["call", "reuse", "workflow", "nested", "child"],
        Subtitle = "{workflow}",
        Role = NodeRole.SubWorkflow,
        Effect = NodeEffect.Read,
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "workflow": { "type": "string", "title": "Workflow", "minLength": 1, "maxLength": 100, "examples": ["check-address"], "x-control": "workflow", "x-template": false },
                "version": { "type": "integer", "title": "Version", "description": "Empty for the published one.", "minimum": 1, "x-advanced": true, "x-template": false },
                "input": { "title": "Input", "default": "{{data}}", "x-control": "json" }
              },
              "required": ["workflow"],
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"workflow": "check-address", "input": {"street": "{{data.street}}", "city": "{{data.city}}"}}"""),
    };

    /// <summary>The engine runs the other workflow; alone, the node gives what it would hand over.</summary>
    protected override NodeResult Run(NodeCall call) => NodeResult.Of(call.Settings.Member("input"u8) ?? JsonOutput.Null);
}

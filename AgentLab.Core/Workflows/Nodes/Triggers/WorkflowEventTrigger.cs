using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Triggers;

/// <summary>workflow_event_trigger: the end of another workflow's run starts the run.</summary>
internal sealed class WorkflowEventTrigger : PureKind
{
    public override NodeDescription Description { get; } = new()
    {
        Kind = "workflow_event_trigger",
        Title = "After another workflow",
        Group = NodeGroups.Triggers,
        Summary = "Starts the workflow when a run of another workflow has ended.",
        Help = """
            What comes out: `{"workflow", "runId", "sessionId", "status", "output", "error"}` of the run that ended; `status` is `completed` or `failed`.
            Workflows that start one another come to an end: at most ten runs start each other in a row.
            """,
        Icon = "M4 6.5h7v5H4zM13 12.5h7v5h-7zM7.5 11.5v3.5h5.5M11.2 13.2 13 15l-1.8 1.8",
        Keywords = ["event", "completed", "failed", "chain", "trigger"],
        Subtitle = "{on}: {workflow}",
        Role = NodeRole.Trigger,
        Inputs = [],
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "workflow": { "type": "string", "title": "Workflow", "description": "The workflow whose runs are watched.", "minLength": 1, "maxLength": 100, "examples": ["order-intake"], "x-control": "workflow", "x-template": false },
                "on": { "type": "string", "title": "When its run has", "enum": ["completed", "failed", "any"], "default": "completed", "x-template": false }
              },
              "required": ["workflow"],
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"workflow": "order-intake", "on": "failed"}"""),
    };

    protected override NodeResult Run(NodeCall call) => NodeResult.Of(call.Scope.Input);
}

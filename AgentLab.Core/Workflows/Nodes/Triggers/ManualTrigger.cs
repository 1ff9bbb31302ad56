using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Triggers;

/// <summary>manual_trigger: a person, a program or the API starts the run.</summary>
internal sealed class ManualTrigger : PureKind
{
    public override NodeDescription Description { get; } = new()
    {
        Kind = "manual_trigger",
        Title = "Start by hand",
        Group = NodeGroups.Triggers,
        Summary = "Starts the workflow when somebody presses Run, or a program asks for it.",
        Help = """
            The run begins here, from the page, the API or the command line. What comes out is the run's **input**, checked against the workflow's input schema:
            `{{data}}` right after it, `{{input}}` anywhere.
            """,
        Icon = "M7 4.5v15l12-7.5z",
        Keywords = ["run", "button", "api", "begin", "trigger"],
        Role = NodeRole.Trigger,
        Inputs = [],
        Settings = JsonOutput.Parse("""{"type": "object", "properties": {}, "additionalProperties": false}"""),
        Example = JsonOutput.EmptyObject,
    };

    protected override NodeResult Run(NodeCall call) => NodeResult.Of(call.Scope.Input);
}

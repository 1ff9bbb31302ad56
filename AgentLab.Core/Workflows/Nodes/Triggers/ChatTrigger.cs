using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Triggers;

/// <summary>chat_trigger: a person writes to the workflow in the Lab.</summary>
internal sealed class ChatTrigger : PureKind
{
    public override NodeDescription Description { get; } = new()
    {
        Kind = "chat_trigger",
        Title = "Message in the Lab",
        Group = NodeGroups.Triggers,
        Summary = "Starts the workflow when a person writes to it in the Lab.",
        Help = """
            A person chooses the workflow in the Lab in place of an agent and writes. What comes out is `{"message": "..."}`: use it as `{{data.message}}` or `{{input.message}}`.
            What the run answers (its output, or the *Respond* node's body) is shown as the reply.
            """,
        Icon = "M4.5 5.5h15v10.5h-9l-4 3.5v-3.5h-2zM8.5 9.5h7M8.5 12.5h4.5",
        Keywords = ["message", "conversation", "lab", "talk", "trigger"],
        Role = NodeRole.Trigger,
        Inputs = [],
        Settings = JsonOutput.Parse("""{"type": "object", "properties": {}, "additionalProperties": false}"""),
        Example = JsonOutput.EmptyObject,
    };

    protected override NodeResult Run(NodeCall call) => NodeResult.Of(call.Scope.Input);
}

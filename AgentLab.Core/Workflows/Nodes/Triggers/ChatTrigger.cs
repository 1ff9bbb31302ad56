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
            A person chooses the workflow in the Lab in place of an agent and writes. What comes out is `{"message": "...", "history": [...]}`: use the message as `{{data.message}}` or `{{input.message}}`.
            `history` holds what was said before in the same session, oldest first, as `{"role": "user" or "assistant", "text": "..."}`: the newest 50 entries of at most 64 KB together.
            A workflow whose input schema takes no `history` gets the message alone.
            What the run answers (its output, or the *Respond* node's body) is shown as the reply: a text as it is, of an object its `text` or `answer`, anything else as JSON.
            Only a published workflow that is switched on can be talked to; a session stays with the version that it began with.
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

using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Flow;

/// <summary>stop: ends the run at once.</summary>
internal sealed class Stop : PureKind
{
    public override NodeDescription Description { get; } = new()
    {
        Kind = "stop",
        Title = "Stop",
        Group = NodeGroups.Flow,
        Summary = "Ends the run at once, as completed or as failed.",
        Help = "Other branches are cancelled. *Completed* ends with **Value** as the run's output; *failed* with the message as its error.",
        Icon = "M8.2 3.5h7.6l4.7 4.7v7.6l-4.7 4.7H8.2l-4.7-4.7V8.2zM9 9l6 6M15 9l-6 6",
        Keywords = ["end", "fail", "abort", "finish", "exit", "error"],
        Subtitle = "{as}: {message}",
        Role = NodeRole.Stop,
        Outputs = [],
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "as": { "type": "string", "title": "End as", "enum": ["failed", "completed"], "default": "failed", "x-template": false },
                "message": { "type": "string", "title": "Message", "default": "The workflow stopped the run.", "maxLength": 2000 },
                "value": { "title": "Value", "default": "{{data}}", "x-control": "json", "x-show-if": { "as": "completed" } }
              },
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"as": "failed", "message": "Order {{data.id}} has no address."}"""),
    };

    protected override NodeResult Run(NodeCall call)
    {
        var message = call.Settings.Text("message"u8, "The workflow stopped the run.");
        return call.Settings.Text("as"u8) == "completed"
            ? new NodeResult.Completed(call.Settings.Member("value"u8) ?? JsonOutput.Null) { Summary = message.Length <= 200 ? message : message[..199] + "…" }
            : new NodeResult.Failed("stopped", message);
    }
}

using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Triggers;

/// <summary>webhook_trigger: a request to <c>/hooks/{slug}</c> starts the run.</summary>
internal sealed class WebhookTrigger : PureKind
{
    public override NodeDescription Description { get; } = new()
    {
        Kind = "webhook_trigger",
        Title = "Webhook",
        Group = NodeGroups.Triggers,
        Summary = "Starts the workflow when another program sends a request to its address.",
        Help = """
            The address is `/hooks/` and the slug; it works once the workflow is published and switched on. What comes out:
            `{"method", "path", "query": {}, "headers": {}, "body"}`. A JSON body is a value (`{{data.body.order.id}}`), another one a text.

            With a **secret**, each request must be signed: `X-Timestamp` holds the time of sending (Unix seconds), and the signature header `sha256=` and the HMAC-SHA-256, in hex, over
            `timestamp.body`. Where the sender cannot do that (GitHub, say), switch the time off: then the signature is over the body alone. Anything else is refused.

            **Respond**: *at once* answers 202 with the run's id; *when done* waits for the run, up to 30 s, and answers with its output; *by a Respond node* waits for that node.
            """,
        Icon = "M12 4a4 4 0 0 1 3.6 5.7l2.2 3.6M8.6 8.5a4 4 0 0 0 1.5 3.9L7.8 16M6.5 13.6a4 4 0 1 0 4.3 4.9h4.4M17 13.2a3.9 3.9 0 1 1-2.6 6.2",
        Keywords = ["http", "request", "hook", "url", "incoming", "trigger"],
        Subtitle = "{method} /hooks/{slug}",
        Role = NodeRole.Trigger,
        Inputs = [],
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "slug": { "type": "string", "title": "Address", "description": "The last part of the address: small letters, digits and dashes.", "pattern": "^[a-z0-9][a-z0-9-]{2,63}$", "examples": ["new-order"], "x-control": "text", "x-template": false },
                "method": { "type": "string", "title": "Method", "enum": ["POST", "GET", "PUT", "PATCH", "DELETE", "ANY"], "default": "POST", "x-template": false },
                "respond": { "type": "string", "title": "Respond", "description": "immediately: 202 at once. when_done: the output. by_respond_node: what the Respond node says.", "enum": ["immediately", "when_done", "by_respond_node"], "default": "immediately", "x-template": false },
                "secret": { "type": "object", "title": "Secret of the signature", "description": "The name of the secret by which senders sign. Without one, anybody who knows the address can start a run.", "properties": { "secret": { "type": "string", "minLength": 1, "maxLength": 100 } }, "required": ["secret"], "additionalProperties": false, "x-control": "secret", "x-template": false },
                "signature_header": { "type": "string", "title": "Signature header", "pattern": "^[A-Za-z0-9-]{1,100}$", "default": "X-Signature-256", "x-advanced": true, "x-template": false },
                "timestamp": { "type": "boolean", "title": "The signature covers the time", "description": "A request that somebody caught cannot be sent again later.", "default": true, "x-advanced": true, "x-template": false }
              },
              "required": ["slug"],
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"slug": "new-order", "method": "POST", "respond": "by_respond_node"}"""),
    };

    protected override NodeResult Run(NodeCall call) => NodeResult.Of(call.Scope.Input);
}

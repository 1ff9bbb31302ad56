using System.Text.Json;
using AgentLab.Core.Approvals;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Nodes.Outside;

namespace AgentLab.Core.Workflows.Nodes.People;

/// <summary>approval: a person says yes or no before the run goes on.</summary>
internal sealed class Approval(TimeProvider time) : IWaitingKind
{
    /// <inheritdoc />
    public NodeDescription Description { get; } = new()
    {
        Kind = "approval",
        Title = "Approval",
        Group = NodeGroups.People,
        Summary = "Asks a person for a yes or a no, and waits for it.",
        Help = """
            The person sees the title, the message (Markdown) and the details, and answers in the run, in the Lab or through the API. The answer counts for exactly the details that were shown.
            Out goes `{"decision", "details", "by", "reason", "data"}` through **approved**, **rejected** or, when nobody answers in time, **expired**; `data` is what came in.
            """,
        Icon = "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 19.5c.5-3.5 2.8-5 6-5 1.3 0 2.4.3 3.3.7M14.5 17.5l2.2 2.2L21 15",
        Keywords = ["human", "confirm", "review", "decide", "yes", "no", "sign off"],
        Subtitle = "{title}",
        Effect = NodeEffect.Read,
        Outputs = [new("approved", "approved", "object"), new("rejected", "rejected", "object"), new("expired", "expired", "object")],
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "title": { "type": "string", "title": "Question", "minLength": 1, "maxLength": 200, "examples": ["Send this offer?"] },
                "message": { "type": "string", "title": "Message", "description": "Markdown.", "default": "", "maxLength": 20000, "x-control": "multiline" },
                "details": { "title": "Details", "description": "The value that is approved.", "default": "{{data}}", "x-control": "json" },
                "expires_after_hours": { "type": "number", "title": "Give up after hours", "minimum": 0.01, "maximum": 8784, "default": 72 }
              },
              "required": ["title"],
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"title": "Refund order {{data.id}}?", "message": "The customer asks for **{{data.total}}** back.", "details": {"order": "{{data.id}}", "amount": "{{data.total}}"}, "expires_after_hours": 48}"""),
    };

    /// <inheritdoc />
    public ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (call.DryRun)
        {
            return ValueTask.FromResult<NodeResult>(DryRuns.Skipped(Output(call, "approved", new WaitEnd("approved")), "nobody was asked", "approved"));
        }

        var question = new ApprovalQuestion(call.Settings.Text("title"u8, "Approve?"), call.Settings.Text("message"u8, string.Empty), call.Settings.Member("details"u8), null);
        var dueAt = time.GetUtcNow() + TimeSpan.FromHours(Math.Clamp(call.Settings.Number("expires_after_hours"u8) ?? 72, 0.01, 8784));
        return ValueTask.FromResult<NodeResult>(new NodeResult.Waits(new NodeWait { Kind = "approval", DueAt = dueAt, Question = question }));
    }

    /// <inheritdoc />
    public ValueTask<NodeResult> ResumeAsync(NodeCall call, WaitEnd end, CancellationToken cancellationToken)
    {
        var decision = end.Cause is "approved" or "rejected" ? end.Cause : "expired";
        return ValueTask.FromResult<NodeResult>(new NodeResult.Completed(Output(call, decision, end), decision) { Summary = decision });
    }

    private static JsonElement Output(NodeCall call, string decision, WaitEnd end) => JsonOutput.Build((call, decision, end), static (writer, it) =>
    {
        writer.WriteStartObject();
        writer.WriteString("decision"u8, it.decision);
        writer.WritePropertyName("details"u8);
        (it.end.Data ?? it.call.Settings.Member("details"u8) ?? JsonOutput.Null).WriteTo(writer);
        writer.WriteString("by"u8, it.end.By?.ToString());
        writer.WriteString("reason"u8, it.end.Reason);
        writer.WritePropertyName("data"u8);
        it.call.Data.WriteTo(writer);
        writer.WriteEndObject();
    });
}

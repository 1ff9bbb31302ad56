using System.Text.Json;
using AgentLab.Core.Approvals;
using AgentLab.Core.Schema;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Nodes.Outside;

namespace AgentLab.Core.Workflows.Nodes.People;

/// <summary>form: a person fills in what the run needs.</summary>
internal sealed class Form(TimeProvider time) : IWaitingKind
{
    /// <inheritdoc />
    public NodeDescription Description { get; } = new()
    {
        Kind = "form",
        Title = "Form",
        Group = NodeGroups.People,
        Summary = "Asks a person to fill in a form, and waits for it.",
        Help = """
            The form is made from the schema, and what is filled in is checked against it. Out go the values as an object. When nobody answers in time the run goes on through **expired**
            with what came in.
            """,
        Icon = "M5 4.5h14v15H5zM8 8.5h3M8 12h8v3.5H8zM14 8.5h2",
        Keywords = ["human", "input", "ask", "fields", "question", "survey"],
        Subtitle = "{title}",
        Effect = NodeEffect.Read,
        Outputs = [new("out", "filled in", "object"), new("expired", "expired")],
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "title": { "type": "string", "title": "Question", "minLength": 1, "maxLength": 200, "examples": ["Which address is right?"] },
                "message": { "type": "string", "title": "Message", "description": "Markdown.", "default": "", "maxLength": 20000, "x-control": "multiline" },
                "schema": { "type": "object", "title": "Fields", "description": "JSON Schema of an object.", "x-control": "schema", "x-template": false, "examples": [{ "type": "object", "properties": { "street": { "type": "string", "title": "Street" } }, "required": ["street"] }] },
                "expires_after_hours": { "type": "number", "title": "Give up after hours", "minimum": 0.01, "maximum": 8784, "default": 72 }
              },
              "required": ["title", "schema"],
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"title": "Address of order {{data.id}}", "schema": {"type": "object", "properties": {"street": {"type": "string", "title": "Street", "minLength": 1}, "city": {"type": "string", "title": "City"}}, "required": ["street"]}}"""),
    };

    /// <inheritdoc />
    public IEnumerable<SettingFault> Check(JsonElement settings) => SchemaSetting.Check(settings, "schema", mustBeObject: true);

    /// <inheritdoc />
    public ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (call.DryRun)
        {
            return ValueTask.FromResult<NodeResult>(DryRuns.Skipped(call.Data, "nobody was asked; pin data to go on with values"));
        }

        var question = new ApprovalQuestion(call.Settings.Text("title"u8, "Form"), call.Settings.Text("message"u8, string.Empty), null, call.Settings.Member("schema"u8) ?? JsonOutput.EmptyObject);
        var dueAt = time.GetUtcNow() + TimeSpan.FromHours(Math.Clamp(call.Settings.Number("expires_after_hours"u8) ?? 72, 0.01, 8784));
        return ValueTask.FromResult<NodeResult>(new NodeResult.Waits(new NodeWait { Kind = "form", DueAt = dueAt, Question = question }));
    }

    /// <inheritdoc />
    public ValueTask<NodeResult> ResumeAsync(NodeCall call, WaitEnd end, CancellationToken cancellationToken)
    {
        if (end.Cause != "submitted")
        {
            return ValueTask.FromResult<NodeResult>(new NodeResult.Completed(call.Data, "expired") { Summary = "Nobody filled it in" });
        }

        var values = end.Data ?? JsonOutput.EmptyObject;
        var faults = JsonSchema.Check(call.Settings.Member("schema"u8) ?? JsonOutput.EmptyObject, values);
        return ValueTask.FromResult<NodeResult>(faults.Count == 0
            ? new NodeResult.Completed(values) { Summary = "Filled in" }
            : new NodeResult.Failed("form_invalid", $"The form's values do not fit: {string.Join("; ", faults)}."));
    }
}

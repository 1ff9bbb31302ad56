using System.Text.Json;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Agents;

/// <summary>agent: an agent works on a message with its tools.</summary>
internal sealed class AgentNode(Late<IAgentTurn> turn) : INodeKind
{
    /// <inheritdoc />
    public NodeDescription Description { get; } = new()
    {
        Kind = "agent",
        Title = "Agent",
        Group = NodeGroups.Agents,
        Summary = "Lets an agent work on a message with its tools, and gives its answer.",
        Help = """
            The agent's instructions, model, tools and limits are its own; it remembers nothing of other nodes. Everything that it does is in the run's log under this node.
            **Text** gives the answer as a text. **Structured** gives a value after the schema that you write; an answer that does not fit is sent back once with what is
            wrong, and fails the node the second time.
            """,
        Icon = "M6 9.5h12v9.5H6zM12 9.5V6M12 4.8a1.2 1.2 0 1 0 0 .1M9.5 13.5v1M14.5 13.5v1M3.5 13v3M20.5 13v3",
        Keywords = ["ai", "llm", "assistant", "tools", "answer", "ask"],
        Subtitle = "{agent}",
        Effect = new NodeEffect(ToolEffect.External, true),
        Timeout = TimeSpan.FromMinutes(15),
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "agent": { "type": "string", "title": "Agent", "minLength": 1, "maxLength": 100, "examples": ["analyst"], "x-control": "agent", "x-template": false },
                "message": { "type": "string", "title": "Message", "minLength": 1, "maxLength": 100000, "x-control": "multiline", "examples": ["Which of these orders are late? {{json data.orders}}"] },
                "output": { "type": "string", "title": "Answer as", "enum": ["text", "structured"], "default": "text", "x-template": false },
                "schema": { "type": "object", "title": "Schema of the answer", "x-control": "schema", "x-show-if": { "output": "structured" }, "x-template": false }
              },
              "required": ["agent", "message"],
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"agent": "analyst", "message": "Sum up order {{data.id}} in one sentence.", "output": "text"}"""),
    };

    /// <inheritdoc />
    public IEnumerable<SettingFault> Check(JsonElement settings) => ModelPrompt.CheckOutput(settings);

    /// <inheritdoc />
    public async ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var isStructured = call.Settings.Text("output"u8) == "structured";
        var schema = isStructured ? call.Settings.Member("schema"u8) : null;
        var asked = new AgentTurn(call.Settings.Text("message"u8, string.Empty), call) { Agent = call.Settings.Text("agent"u8), Schema = schema };
        switch (await turn.Value.RunAsync(asked, cancellationToken))
        {
            case AgentTurnResult.Failed failed:
                return new NodeResult.Failed(failed.Code, failed.Message, failed.CanRetry);
            case AgentTurnResult.OutcomeUnknown unknown:
                return new NodeResult.OutcomeUnknown(unknown.Tool, unknown.Question);
            case AgentTurnResult.Answered answered when schema is { } wanted:
                var (value, fault) = StructuredAnswer.Read(answered.Text, wanted);
                return value is { } fits
                    ? new NodeResult.Completed(fits) { Summary = Line(answered) }
                    : new NodeResult.Failed("answer_invalid", $"The agent's answer does not follow the schema, twice: {fault}. Make the schema simpler, or say in the message what it means.");
            case AgentTurnResult.Answered answered:
                return new NodeResult.Completed(JsonOutput.Text(answered.Text)) { Summary = Line(answered) };
            default:
                throw new NotSupportedException("An agent's turn ended in a way that this node does not know.");
        }
    }

    private static string Line(AgentTurnResult.Answered answered)
    {
        var tools = answered.ToolCalls > 0 ? $", {answered.ToolCalls} tool calls" : string.Empty;
        return $"{answered.Usage.InputTokens + answered.Usage.OutputTokens} tokens{tools}, {answered.Model}";
    }
}

using System.Text.Json;
using AgentLab.Core.Schema;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Nodes.Outside;

namespace AgentLab.Core.Workflows.Nodes.Agents;

/// <summary>tool_call: one of the installation's tools, without a model.</summary>
internal sealed class ToolCallNode(Late<IToolRegistry> tools, Late<ToolInvoker> invoker) : INodeKind
{
    /// <inheritdoc />
    public NodeDescription Description { get; } = new()
    {
        Kind = "tool_call",
        Title = "Tool",
        Group = NodeGroups.Agents,
        Summary = "Calls one of the tools that agents have, with the arguments that you give.",
        Help = """
            Choose the tool and fill in its arguments; texts may be references. Out goes the tool's result. Its effect and whether it may be repeated are the tool's own: a table query reads, a tool that
            writes is not called again when nobody knows how its call ended.
            """,
        Icon = "M14.5 6.5a4 4 0 0 1 5-4l-2.6 2.6.5 2.1 2.1.5L22 5a4 4 0 0 1-5.2 5.2L8.5 18.5a2.1 2.1 0 0 1-3-3z",
        Keywords = ["function", "call", "table", "calculator", "search", "query"],
        Subtitle = "{tool}",
        Effect = new NodeEffect(ToolEffect.External, false),
        Timeout = TimeSpan.FromMinutes(2),
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "tool": { "type": "string", "title": "Tool", "minLength": 1, "maxLength": 100, "examples": ["calculator"], "x-control": "tool", "x-template": false },
                "arguments": { "title": "Arguments", "description": "An object; the tool's own schema checks it.", "default": {}, "x-control": "json", "examples": [{ "expression": "2 * 21" }] }
              },
              "required": ["tool"],
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"tool": "calculator", "arguments": {"expression": "{{data.total}} * 1.2"}}"""),
    };

    /// <inheritdoc />
    public NodeEffect Effect(JsonElement settings) =>
        Find(settings) is { } tool ? new NodeEffect(tool.Effect, tool.RepeatSafe) : Description.Effect;

    /// <inheritdoc />
    public IEnumerable<SettingFault> Check(JsonElement settings)
    {
        if (tools.Optional is not { } registry || settings.Text("tool"u8) is not { } name)
        {
            yield break;
        }

        if (registry.Find(name) is not { } tool)
        {
            yield return new SettingFault("/tool", "unknown_tool", $"There is no tool \"{name}\" here. Choose one of {string.Join(", ", registry.All.Select(t => t.Name))}.");
            yield break;
        }

        var arguments = settings.Member("arguments"u8) ?? JsonOutput.EmptyObject;
        if (!SettingReader.IsTemplate(arguments.GetRawText()))
        {
            foreach (var fault in JsonSchema.Check(tool.Schema, arguments))
            {
                yield return new SettingFault("/arguments" + fault.Field, "argument_" + fault.Code, $"{fault}.");
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Find(call.Settings) is not { } tool)
        {
            return new NodeResult.Failed("unknown_tool", $"There is no tool \"{call.Settings.Text("tool"u8)}\" here. Choose another one in the node's settings.");
        }

        if (tool.Approval == ApprovalRule.Always && !call.DryRun)
        {
            return new NodeResult.Failed("tool_needs_approval", $"{tool.Title} may be called only after a person has approved it. Let an agent call it, or use an approval node and a tool without that rule.");
        }

        var arguments = call.Settings.Member("arguments"u8) ?? JsonOutput.EmptyObject;
        if (call.DryRun && tool.Effect != ToolEffect.Read)
        {
            return DryRuns.Skipped(JsonOutput.Build((tool.Name, arguments), static (writer, it) =>
            {
                writer.WriteStartObject();
                writer.WriteBoolean("dryRun"u8, true);
                writer.WriteString("tool"u8, it.Name);
                writer.WritePropertyName("arguments"u8);
                it.arguments.WriteTo(writer);
                writer.WriteEndObject();
            }), $"{tool.Title} was not called");
        }

        var outcome = await invoker.Value.InvokeAsync(tool, arguments, Context(call), cancellationToken);
        return outcome.IsSuccess
            ? new NodeResult.Completed(outcome.Result.Value) { Artifacts = outcome.Artifacts, Summary = outcome.Preview is { Length: > 200 } preview ? preview[..199] + "…" : outcome.Preview }
            : new NodeResult.Failed(outcome.Error.Code.Replace('.', '_'), outcome.Error.Sentence, outcome.Error.CanRetry);
    }

    private static ToolContext Context(NodeCall call) => new()
    {
        SessionId = call.SessionId.Value,
        RunId = call.RunId.ToString(),
        StepId = call.StepId,
        IdempotencyKey = call.IdempotencyKey,
        UserId = call.OwnerId.ToString(),
        Attachments = call.Attachments,
    };

    private Tool? Find(JsonElement settings) => settings.Text("tool"u8) is { } name ? tools.Optional?.Find(name) : null;
}

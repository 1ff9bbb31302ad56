using System.Text.Json;
using AgentLab.Core.Models;
using AgentLab.Core.Sessions;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Expressions;
using Microsoft.Extensions.AI;

namespace AgentLab.Core.Workflows.Nodes.Agents;

/// <summary>model_prompt: one question to a model, without tools.</summary>
internal sealed class ModelPrompt(Late<IModelClients> models, Late<ISessionReader> reader, TimeProvider time) : INodeKind
{
    /// <inheritdoc />
    public NodeDescription Description { get; } = new()
    {
        Kind = "model_prompt",
        Title = "Model prompt",
        Group = NodeGroups.Agents,
        Summary = "Asks a model one question and gives its answer.",
        Help = """
            **Text** gives the answer as a text. **Structured** gives a value after the schema that you write: an answer that does not fit is sent back once with what is wrong, and fails the node
            the second time. Without a model the instance's default is asked. Call and answer are in the run's log; an answer that is recorded is never asked for again.
            """,
        Icon = "M4.5 5h15v11h-8l-4 3.5V16h-3zM12 7.5l1 2.2 2.2 1-2.2 1-1 2.2-1-2.2-2.2-1 2.2-1z",
        Keywords = ["ai", "llm", "generate", "classify", "extract", "summarize", "structured"],
        Subtitle = "{model}",
        Effect = new NodeEffect(ToolEffect.External, true),
        Retry = new NodeRetry(2, 2, 30),
        Timeout = TimeSpan.FromMinutes(5),
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "prompt": { "type": "string", "title": "Prompt", "minLength": 1, "maxLength": 200000, "x-control": "multiline", "examples": ["Sum up: {{data.text}}"] },
                "system": { "type": "string", "title": "Instructions", "maxLength": 50000, "default": "", "x-control": "multiline" },
                "model": { "type": "string", "title": "Model", "description": "provider/model; empty for the default.", "maxLength": 200, "default": "", "x-control": "model" },
                "temperature": { "type": "number", "title": "Temperature", "minimum": 0, "maximum": 2, "x-advanced": true },
                "output": { "type": "string", "title": "Answer as", "enum": ["text", "structured"], "default": "text", "x-template": false },
                "schema": { "type": "object", "title": "Schema of the answer", "x-control": "schema", "x-show-if": { "output": "structured" }, "x-template": false }
              },
              "required": ["prompt"],
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"system": "You sort support mail.", "prompt": "Which team should answer this? {{data.text}}", "output": "structured", "schema": {"type": "object", "properties": {"team": {"type": "string", "enum": ["billing", "shipping", "other"]}}, "required": ["team"]}}"""),
    };

    /// <inheritdoc />
    public IEnumerable<SettingFault> Check(JsonElement settings) => CheckOutput(settings);

    /// <summary>Whether a structured answer has a schema that can be checked.</summary>
    internal static IEnumerable<SettingFault> CheckOutput(JsonElement settings)
    {
        if (settings.Text("output"u8) == "structured" && settings.Member("schema"u8) is null)
        {
            yield return new SettingFault("/schema", "setting_required", "Write the schema that the answer must follow.");
        }

        foreach (var fault in SchemaSetting.Check(settings, "schema", mustBeObject: false))
        {
            yield return fault;
        }
    }

    /// <inheritdoc />
    public async ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var schema = call.Settings.Text("output"u8) == "structured" ? call.Settings.Member("schema"u8) : null;
        var asker = await JournaledModel.OpenAsync(models.Value, reader.Optional, call, time, cancellationToken);
        var options = new ChatOptions
        {
            Temperature = (float?)call.Settings.Number("temperature"u8),
            ResponseFormat = schema is { } wanted ? ChatResponseFormat.ForJsonSchema(wanted, "answer") : null,
        };
        try
        {
            return schema is { } followed ? await StructuredAsync(asker, call, options, followed, cancellationToken) : await TextAsync(asker, call, options, cancellationToken);
        }
        catch (ModelException failed)
        {
            return new NodeResult.Failed(failed.Code, failed.Message, failed.IsTransient) { RetryAfter = failed.RetryAfter };
        }
    }

    private static async Task<NodeResult> TextAsync(JournaledModel asker, NodeCall call, ChatOptions options, CancellationToken cancellationToken)
    {
        var answer = asker.Answers.Count > 0 ? asker.Answers[^1] : await asker.AskAsync(Messages(call), options, cancellationToken);
        return new NodeResult.Completed(JsonOutput.Text(answer.Text)) { Summary = answer.Summary };
    }

    /// <summary>An answer that is in the log already is taken; one that does not fit is sent back once.</summary>
    private static async Task<NodeResult> StructuredAsync(JournaledModel asker, NodeCall call, ChatOptions options, JsonElement schema, CancellationToken cancellationToken)
    {
        var messages = Messages(call);
        var answer = asker.Answers.Count > 0 ? asker.Answers[^1] : await asker.AskAsync(messages, options, cancellationToken);
        var (value, fault) = StructuredAnswer.Read(answer.Text, schema);
        if (value is null && asker.Answers.Count % 2 == 1)
        {
            messages.Add(new ChatMessage(ChatRole.Assistant, answer.Text));
            messages.Add(new ChatMessage(ChatRole.User, StructuredAnswer.SendBack(fault!)));
            answer = await asker.AskAsync(messages, options, cancellationToken);
            (value, fault) = StructuredAnswer.Read(answer.Text, schema);
        }

        return value is { } fits
            ? new NodeResult.Completed(fits) { Summary = answer.Summary }
            : new NodeResult.Failed("answer_invalid", $"The model's answer does not follow the schema, twice: {fault}. Make the schema simpler, or choose another model.");
    }

    private static List<ChatMessage> Messages(NodeCall call)
    {
        var prompt = new ChatMessage(ChatRole.User, call.Settings.Text("prompt"u8, string.Empty));
        return call.Settings.Text("system"u8) is { Length: > 0 } system ? [new ChatMessage(ChatRole.System, system), prompt] : [prompt];
    }
}

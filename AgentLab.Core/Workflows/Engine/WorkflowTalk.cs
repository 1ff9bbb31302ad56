using System.Buffers;
using System.Text.Json;
using AgentLab.Core.Identity;
using AgentLab.Core.Schema;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Hands what people say in the Lab to workflows that begin with a message.</summary>
internal sealed class WorkflowTalk(IWorkflowVersions versions, TalkHistory history, RunOpener opener)
{
    private const string Trigger = "lab";

    /// <summary>
    /// Starts the run that answers. Errors: those of <see cref="RunOpener.OpenAsync"/>, <c>workflow_not_published</c>, <c>workflow_inactive</c>, <c>invalid</c> (it does not begin
    /// with a message, or its schema does not take one).
    /// </summary>
    /// <param name="workflow">The workflow's id or slug.</param>
    /// <param name="version">The version that the session began with; null for the published one.</param>
    /// <param name="said">What is said, and where.</param>
    /// <param name="key">The key under which it lands once.</param>
    /// <param name="actor">Who says it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Outcome<OpenedRun>> OpenAsync(
        string workflow, int? version, Utterance said, IdempotencyKey? key, Actor actor, CancellationToken cancellationToken)
    {
        var found = await versions.ResolveAsync(workflow, version, cancellationToken);
        if (found?.Definition is { } definition)
        {
            if (!found.Active)
            {
                return Outcome<OpenedRun>.Failure(new LabError("workflow_inactive", $"The workflow {found.Workflow.Name} is switched off and answers no messages."));
            }

            if (Talks.TriggerOf(definition) is not { } trigger)
            {
                return Outcome<OpenedRun>.Failure(LabError.Invalid("workflow", $"The workflow {found.Workflow.Name} does not begin with a message in the Lab. Run it on its own page."));
            }

            var earlier = said.Session is { } session ? await history.ReadAsync(session.Id, said.Message.Replaces, cancellationToken) : [];
            return await opener.OpenAsync(
                new StartWorkflowRun
                {
                    Workflow = workflow,
                    Version = found.Workflow.Version,
                    Input = Input(definition, said.Message.Text, earlier),
                    Trigger = Trigger,
                    TriggerNode = trigger.Id,
                },
                said, key, actor, cancellationToken);
        }

        // There is none, or nothing of it is published: the start knows what to say to whom.
        return await opener.OpenAsync(
            new StartWorkflowRun { Workflow = workflow, Version = version, Input = Input(null, said.Message.Text, []), Trigger = Trigger }, said, key, actor, cancellationToken);
    }

    /// <summary>The message with what was said before; the message alone where the workflow's schema takes no history.</summary>
    private static JsonElement Input(WorkflowDefinition? definition, string message, IReadOnlyList<TalkEntry> earlier)
    {
        var whole = Input(message, earlier);
        return definition?.Input is { } schema && JsonSchema.Check(schema, whole).Any(fault => fault.Field.StartsWith("/history", StringComparison.Ordinal))
            ? Input(message, null)
            : whole;
    }

    private static JsonElement Input(string message, IReadOnlyList<TalkEntry>? earlier)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("message"u8, message);
            if (earlier is not null)
            {
                writer.WriteStartArray("history"u8);
                foreach (var (role, text) in earlier)
                {
                    writer.WriteStartObject();
                    writer.WriteString("role"u8, role);
                    writer.WriteString("text"u8, text);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}

/// <summary>Which workflows people can talk to.</summary>
public static class Talks
{
    private const string Kind = "chat_trigger";

    /// <summary>The node at which a message begins a run; null when the workflow takes no messages.</summary>
    public static WorkflowNode? TriggerOf(WorkflowDefinition definition) => definition.Nodes.FirstOrDefault(node => node.Kind == Kind && !node.Disabled);
}

using System.Text.Json;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Core.Workflows.Triggers;

/// <summary>What the trigger nodes of a definition say about when it starts. Switched-off triggers start nothing.</summary>
public static class WorkflowTriggerSettings
{
    /// <summary>Starts runs by a request to <c>/hooks/{slug}</c>.</summary>
    public const string WebhookKind = "webhook_trigger";

    /// <summary>Starts runs by messages in the Lab.</summary>
    public const string ChatKind = "chat_trigger";

    /// <summary>Starts runs when runs of another workflow end.</summary>
    public const string EventKind = "workflow_event_trigger";

    /// <summary>The webhook triggers, in the order of the nodes.</summary>
    public static IEnumerable<WebhookTrigger> Webhooks(WorkflowDefinition definition) =>
        from node in Live(definition, WebhookKind)
        let slug = Text(node.Settings, "slug").Trim().Trim('/').ToLowerInvariant()
        where slug.Length > 0
        select new WebhookTrigger(node.Id, slug, Words(node.Settings, "method", "POST"));

    /// <summary>The triggers by another workflow's runs, in the order of the nodes.</summary>
    public static IEnumerable<EventTrigger> Events(WorkflowDefinition definition) =>
        from node in Live(definition, EventKind)
        let source = Text(node.Settings, "workflow").Trim()
        where source.Length > 0
        select new EventTrigger(node.Id, source, [.. Words(node.Settings, "on", "completed").Select(word => word.ToLowerInvariant())]);

    /// <summary>The trigger by messages; null when there is none.</summary>
    public static WorkflowNode? Chat(WorkflowDefinition definition) => Live(definition, ChatKind).FirstOrDefault();

    private static IEnumerable<WorkflowNode> Live(WorkflowDefinition definition, string kind)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return definition.Nodes.Where(node => node.Kind == kind && !node.Disabled && node.Settings.ValueKind == JsonValueKind.Object);
    }

    private static string Text(JsonElement settings, string name) =>
        settings.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;

    /// <summary>One word or a list of them, in upper case, each once.</summary>
    private static IReadOnlyList<string> Words(JsonElement settings, string name, string usual)
    {
        if (!settings.TryGetProperty(name, out var value))
        {
            return [usual.ToUpperInvariant()];
        }

        IEnumerable<string> words = value.ValueKind switch
        {
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Array => value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!),
            _ => [],
        };
        return [.. words.Select(word => word.Trim().ToUpperInvariant()).Where(word => word.Length > 0).Distinct(StringComparer.Ordinal)];
    }
}

/// <summary>A webhook trigger.</summary>
/// <param name="Node">Its node.</param>
/// <param name="Slug">The address below <c>/hooks/</c>, in lower case.</param>
/// <param name="Methods">The methods that it takes, in upper case.</param>
public sealed record WebhookTrigger(string Node, string Slug, IReadOnlyList<string> Methods);

/// <summary>A trigger by another workflow's runs.</summary>
/// <param name="Node">Its node.</param>
/// <param name="Workflow">The other workflow's id or slug.</param>
/// <param name="Statuses">Which ends start it: <c>completed</c>, <c>failed</c>, <c>cancelled</c>.</param>
public sealed record EventTrigger(string Node, string Workflow, IReadOnlyList<string> Statuses);

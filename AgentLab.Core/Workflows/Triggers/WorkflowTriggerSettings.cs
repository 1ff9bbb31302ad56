using System.Text.Json;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Core.Workflows.Triggers;

/// <summary>
/// What the trigger nodes of a definition say about when it starts: the settings of <c>webhook_trigger</c> and <c>workflow_event_trigger</c>. Switched-off triggers start
/// nothing.
/// </summary>
public static class WorkflowTriggerSettings
{
    /// <summary>Starts runs by a request to <c>/hooks/{slug}</c>.</summary>
    public const string WebhookKind = "webhook_trigger";

    /// <summary>Starts runs by messages in the Lab.</summary>
    public const string ChatKind = "chat_trigger";

    /// <summary>Starts runs when runs of another workflow end.</summary>
    public const string EventKind = "workflow_event_trigger";

    /// <summary>What <c>ANY</c> stands for.</summary>
    private static readonly string[] AllMethods = ["DELETE", "GET", "PATCH", "POST", "PUT"];

    /// <summary>The webhook triggers, in the order of the nodes.</summary>
    public static IEnumerable<WebhookTrigger> Webhooks(WorkflowDefinition definition) =>
        from node in Live(definition, WebhookKind)
        let settings = node.Settings
        let slug = Text(settings, "slug").ToLowerInvariant()
        where slug.Length > 0
        select new WebhookTrigger(node.Id, slug, Methods(Text(settings, "method")))
        {
            Answer = Text(settings, "respond") switch
            {
                "when_done" => WebhookAnswer.WhenDone,
                "by_respond_node" => WebhookAnswer.ByRespondNode,
                _ => WebhookAnswer.Immediately,
            },
            Secret = settings.TryGetProperty("secret", out var secret) && secret.ValueKind == JsonValueKind.Object && Text(secret, "secret") is { Length: > 0 } name ? name : null,
            SignatureHeader = Text(settings, "signature_header") is { Length: > 0 } header ? header : WebhookTrigger.UsualSignatureHeader,
            TimestampNeeded = !settings.TryGetProperty("timestamp", out var timestamp) || timestamp.ValueKind != JsonValueKind.False,
        };

    /// <summary>The triggers by another workflow's runs, in the order of the nodes.</summary>
    public static IEnumerable<EventTrigger> Events(WorkflowDefinition definition) =>
        from node in Live(definition, EventKind)
        let source = Text(node.Settings, "workflow")
        where source.Length > 0
        select new EventTrigger(node.Id, source, Text(node.Settings, "on") switch
        {
            "failed" => ["failed"],
            "any" => ["completed", "failed"],
            _ => ["completed"],
        });

    /// <summary>The trigger by messages; null when there is none.</summary>
    public static WorkflowNode? Chat(WorkflowDefinition definition) => Live(definition, ChatKind).FirstOrDefault();

    private static IEnumerable<WorkflowNode> Live(WorkflowDefinition definition, string kind)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return definition.Nodes.Where(node => node.Kind == kind && !node.Disabled && node.Settings.ValueKind == JsonValueKind.Object);
    }

    private static IReadOnlyList<string> Methods(string method) => method.ToUpperInvariant() switch
    {
        "" => ["POST"],
        "ANY" => AllMethods,
        var one => [one],
    };

    private static string Text(JsonElement settings, string name) =>
        settings.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : string.Empty;
}

/// <summary>A webhook trigger. The input of its runs is <c>{"method", "path", "query", "headers", "body"}</c>.</summary>
/// <param name="Node">Its node.</param>
/// <param name="Slug">The address below <c>/hooks/</c>, in lower case.</param>
/// <param name="Methods">The methods that it takes, in upper case.</param>
public sealed record WebhookTrigger(string Node, string Slug, IReadOnlyList<string> Methods)
{
    /// <summary>The header that carries the signature when the settings name none.</summary>
    public const string UsualSignatureHeader = "X-Signature-256";

    /// <summary>What a request is answered with.</summary>
    public WebhookAnswer Answer { get; init; }

    /// <summary>The name of the secret by which requests are signed; null takes unsigned ones.</summary>
    public string? Secret { get; init; }

    /// <summary>The header that carries the signature.</summary>
    public string SignatureHeader { get; init; } = UsualSignatureHeader;

    /// <summary>Whether a signature must cover the time, so that a request that somebody caught cannot be sent again.</summary>
    public bool TimestampNeeded { get; init; } = true;
}

/// <summary>What a request to a webhook is answered with.</summary>
public enum WebhookAnswer
{
    /// <summary>202 with the run's id, at once.</summary>
    Immediately,

    /// <summary>The run's output when it ends within 30 s, else 202.</summary>
    WhenDone,

    /// <summary>What the respond node says, within 30 s, else 202.</summary>
    ByRespondNode,
}

/// <summary>A trigger by another workflow's runs.</summary>
/// <param name="Node">Its node.</param>
/// <param name="Workflow">The other workflow's id or slug.</param>
/// <param name="Statuses">Which ends start it: <c>completed</c>, <c>failed</c>.</param>
public sealed record EventTrigger(string Node, string Workflow, IReadOnlyList<string> Statuses);

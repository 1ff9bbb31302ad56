using System.Text;
using System.Text.Json;
using AgentLab.Core.Security;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Outside;

/// <summary>send_webhook: a signed event to another program.</summary>
internal sealed class SendWebhook(Late<EgressHttpClient> http, Late<INamedSecrets> secrets, TimeProvider time) : INodeKind
{
    /// <inheritdoc />
    public NodeDescription Description { get; } = new()
    {
        Kind = "send_webhook",
        Title = "Send webhook",
        Group = NodeGroups.Outside,
        Summary = "Tells another program something, signed, by a POST to its address.",
        Help = """
            Sends `{"id", "event", "at", "data"}` as JSON. With a secret it carries `X-Timestamp` (Unix seconds) and `X-Signature-256: sha256=…`: HMAC-SHA-256 over `timestamp.body`, in hex, as a *Webhook* trigger of
            AgentLab checks it; a secret that is for certain hosts signs nothing for others. `Idempotency-Key` and `id` stay the same when it is sent again. What came in goes out unchanged. A status of 400 or more fails the node.
            """,
        Icon = "M20.5 4 3.5 10.5l6.5 3 3 6.5zM10 13.5l4.5-4.5M4 17.5l2-2M6.5 20l1.5-1.5",
        Keywords = ["notify", "post", "event", "hook", "signed", "outgoing"],
        Subtitle = "{event} {url}",
        Effect = new NodeEffect(ToolEffect.External, false),
        Retry = new NodeRetry(3, 1, 30),
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "url": { "type": "string", "title": "Address", "minLength": 1, "maxLength": 4000, "examples": ["https://example.com/hooks/orders"] },
                "event": { "type": "string", "title": "Event", "minLength": 1, "maxLength": 100, "default": "workflow.event", "examples": ["order.late"] },
                "data": { "title": "Data", "default": "{{data}}", "x-control": "json" },
                "secret": { "type": "object", "title": "Sign with", "properties": { "secret": { "type": "string", "minLength": 1, "maxLength": 100 } }, "required": ["secret"], "additionalProperties": false, "x-control": "secret", "x-template": false },
                "honours_keys": { "type": "boolean", "title": "The receiver honours the idempotency key", "description": "The same key twice takes effect once, so it may be sent again.", "default": false, "x-advanced": true, "x-template": false }
              },
              "required": ["url"],
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"url": "https://example.com/hooks/orders", "event": "order.late", "data": {"id": "{{data.id}}"}, "secret": {"secret": "orders_hook"}, "honours_keys": true}"""),
    };

    /// <inheritdoc />
    public NodeEffect Effect(JsonElement settings) => new(ToolEffect.External, settings.IsTrue("honours_keys"u8));

    /// <inheritdoc />
    public IEnumerable<SettingFault> Check(JsonElement settings)
    {
        if (settings.Text("url"u8) is { } url && !SettingReader.IsTemplate(url) && HttpRequestNode.UrlFault(url) is { } fault)
        {
            yield return new SettingFault("/url", "url_invalid", fault);
        }

        foreach (var refused in UsedSecrets.Check(secrets.Optional, settings.Text("url"u8), [("/secret", settings.Member("secret"u8))]))
        {
            yield return refused;
        }
    }

    /// <inheritdoc />
    public async ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var url = call.Settings.Text("url"u8, string.Empty);
        if (HttpRequestNode.UrlFault(url) is { } fault)
        {
            return new NodeResult.Failed("url_invalid", fault);
        }

        var (uri, repeatSafe) = (new Uri(url), call.Settings.IsTrue("honours_keys"u8));
        if (call.DryRun)
        {
            return DryRuns.Skipped(call.Data, $"{call.Settings.Text("event"u8)} was not sent to {uri.Host}");
        }

        try
        {
            var used = new UsedSecrets(secrets.Optional);
            var body = Encoding.UTF8.GetBytes(Body(call).GetRawText());
            var headers = new List<KeyValuePair<string, string>> { new("Idempotency-Key", call.IdempotencyKey) };
            if (call.Settings.Member("secret"u8) is { } reference)
            {
                headers.AddRange(WebhookSignature.Of(used.Find(reference), time.GetUtcNow(), body));
            }

            var outgoing = new OutgoingCall(http.Value, time, used);
            var (answer, end) = await outgoing.SendAsync(new EgressRequest(HttpMethod.Post, uri) { Headers = headers, Body = body, ContentType = "application/json" }, repeatSafe, cancellationToken);
            return end ?? ((int)answer!.Status >= 400
                ? outgoing.Refused(answer, repeatSafe)
                : new NodeResult.Completed(call.Data) { Summary = $"{(int)answer.Status} from {uri.Host}" });
        }
        catch (SecretMissingException missing)
        {
            return new NodeResult.Failed("secret_missing", missing.Message);
        }
    }

    /// <summary>The same bytes at every attempt: their time is the run's start, not the present one.</summary>
    private static JsonElement Body(NodeCall call) => JsonOutput.Build(call, static (writer, it) =>
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, it.IdempotencyKey);
        writer.WriteString("event"u8, it.Settings.Text("event"u8, "workflow.event"));
        if (it.Scope.Run.Member("startedAt"u8) is { } startedAt)
        {
            writer.WritePropertyName("at"u8);
            startedAt.WriteTo(writer);
        }

        writer.WritePropertyName("data"u8);
        (it.Settings.Member("data"u8) ?? JsonOutput.Null).WriteTo(writer);
        writer.WriteEndObject();
    });
}

using System.Text;
using System.Text.Json;
using AgentLab.Core.Security;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Outside;

/// <summary>http_request: a request to another program, under the egress policy.</summary>
internal sealed class HttpRequestNode(Late<EgressHttpClient> http, Late<INamedSecrets> secrets, TimeProvider time) : INodeKind
{
    private static readonly string[] Refused = ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect", "proxy-authorization", "keep-alive"];

    /// <inheritdoc />
    public NodeDescription Description { get; } = new()
    {
        Kind = "http_request",
        Title = "HTTP request",
        Group = NodeGroups.Outside,
        Summary = "Sends a request to a web service and gives its answer.",
        Help = """
            Out goes `{"status", "headers", "body"}`; a JSON body is a value, so `{{nodes.fetch.body.total}}` works. Only public addresses can be reached, and those that an administrator lists.

            A status of 400 or more fails the node unless **errors are answers**. 429 and 5xx are tried again, after the time that the service asks for, at most the longest pause of the node. A request that writes is sent again only
            when the service **honours the idempotency key** that goes along; otherwise, when nobody knows whether it arrived, the run asks a person.

            Keys and passwords are named, never written: an administrator sets them as `AgentLab:Secrets:NAME`, and may say which hosts one is for
            (`AgentLab:SecretHosts:NAME`): a request that carries it goes nowhere else, and follows no redirect to elsewhere.
            """,
        Icon = "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17",
        Keywords = ["api", "rest", "web", "url", "get", "post", "fetch", "call"],
        Subtitle = "{method} {url}",
        Effect = new NodeEffect(ToolEffect.External, false),
        Retry = new NodeRetry(3, 1, 30),
        Timeout = TimeSpan.FromSeconds(30),
        Settings = HttpSettings.Schema,
        Example = JsonOutput.Parse("""{"method": "GET", "url": "https://api.example.com/orders/{{data.id}}", "query": [{"name": "details", "value": "true"}], "auth": {"type": "bearer", "secret": {"secret": "orders_key"}}}"""),
    };

    /// <inheritdoc />
    public NodeEffect Effect(JsonElement settings) =>
        settings.Text("method"u8, "GET") is "GET" or "HEAD" ? NodeEffect.Read : new NodeEffect(ToolEffect.External, settings.IsTrue("idempotent"u8));

    /// <inheritdoc />
    public IEnumerable<SettingFault> Check(JsonElement settings)
    {
        if (settings.Text("url"u8) is { } url && !SettingReader.IsTemplate(url) && UrlFault(url) is { } fault)
        {
            yield return new SettingFault("/url", "url_invalid", fault);
        }

        var i = 0;
        foreach (var (name, _) in settings.Pairs("headers"))
        {
            if (!SettingReader.IsTemplate(name) && HeaderFault(name) is { } wrong)
            {
                yield return new SettingFault($"/headers/{i}/name", "header_refused", wrong);
            }

            i++;
        }

        var auth = settings.Member("auth"u8) ?? JsonOutput.Null;
        if (auth.Text("type"u8, "none") != "none" && auth.Member("secret"u8) is null)
        {
            yield return new SettingFault("/auth/secret", "setting_required", "Name the secret that holds the key or password.");
        }

        foreach (var refused in UsedSecrets.Check(secrets.Optional, settings.Text("url"u8), Named(settings)))
        {
            yield return refused;
        }
    }

    /// <summary>The settings that name secrets.</summary>
    private static IEnumerable<(string Field, JsonElement? Reference)> Named(JsonElement settings)
    {
        var at = 0;
        foreach (var header in settings.Items("headers"u8))
        {
            yield return ($"/headers/{at++}/value", header.Member("value"u8));
        }

        yield return ("/auth/secret", (settings.Member("auth"u8) ?? JsonOutput.Null).Member("secret"u8));
    }

    /// <inheritdoc />
    public async ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var effect = Effect(call.Settings);
        var used = new UsedSecrets(secrets.Optional);
        try
        {
            if (Address(call.Settings) is not { } uri)
            {
                return new NodeResult.Failed("url_invalid", UrlFault(call.Settings.Text("url"u8, string.Empty)) ?? "The address is not right.");
            }

            if (call.DryRun && effect.Effect != ToolEffect.Read)
            {
                return DryRuns.Described(call.Settings.Text("method"u8, "GET"), uri, call.Settings.Member("body"u8));
            }

            var request = Request(call, uri, used);
            var outgoing = new OutgoingCall(http.Value, time, used);
            var (answer, end) = await outgoing.SendAsync(request, effect.RepeatSafe, cancellationToken);
            return end ?? Result(outgoing, answer!, call.Settings, effect);
        }
        catch (SecretMissingException missing)
        {
            return new NodeResult.Failed("secret_missing", missing.Message);
        }
        catch (ExpressionException fault)
        {
            return new NodeResult.Failed(fault.Code, fault.Message);
        }
    }

    private static Uri? Address(JsonElement settings)
    {
        if (UrlFault(settings.Text("url"u8, string.Empty)) is not null)
        {
            return null;
        }

        var uri = new UriBuilder(settings.Text("url"u8)!);
        var query = new StringBuilder(uri.Query.TrimStart('?'));
        foreach (var (name, value) in settings.Pairs("query"))
        {
            if (value.ValueKind != JsonValueKind.Null)
            {
                query.Append(query.Length > 0 ? "&" : string.Empty).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(ExpressionValue.Of(value).ToString()));
            }
        }

        uri.Query = query.ToString();
        return uri.Uri;
    }

    internal static string? UrlFault(string url) =>
        url.Length <= 4_000 && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 && uri.UserInfo.Length == 0
            ? null
            : "Write an address that begins with http:// or https://, without a user name in it.";

    private static string? HeaderFault(string name) =>
        !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') ? "A header's name is letters, digits and dashes."
        : Refused.Contains(name.ToLowerInvariant()) ? $"The header {name} is set by the connection and cannot be given."
        : null;

    private static EgressRequest Request(NodeCall call, Uri uri, UsedSecrets used)
    {
        var method = call.Settings.Text("method"u8, "GET");
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in call.Settings.Pairs("headers"))
        {
            if (HeaderFault(name) is { } fault)
            {
                throw new ExpressionException("header_refused", fault);
            }

            var text = UsedSecrets.IsReference(value) ? used.Find(value).Reveal() : ExpressionValue.Of(value).ToString();
            headers.Add(new(name, text.Any(char.IsControl) ? throw new ExpressionException("header_refused", $"The value of the header {name} has a line break.") : text));
        }

        Authorize(call.Settings.Member("auth"u8) ?? JsonOutput.Null, headers, used);
        if (method is not ("GET" or "HEAD") && !headers.Exists(h => h.Key.Equals("Idempotency-Key", StringComparison.OrdinalIgnoreCase)))
        {
            headers.Add(new("Idempotency-Key", call.IdempotencyKey));
        }

        var (body, contentType) = method is "GET" or "HEAD" ? (null, null) : Body(call.Settings);
        return new EgressRequest(new HttpMethod(method), uri)
        {
            Headers = headers,
            Body = body,
            ContentType = contentType,
            FollowRedirects = call.Settings.IsTrue("follow_redirects"u8, otherwise: true),
        };
    }

    private static void Authorize(JsonElement auth, List<KeyValuePair<string, string>> headers, UsedSecrets used)
    {
        var type = auth.Text("type"u8, "none");
        if (type == "none")
        {
            return;
        }

        var secret = used.Find(auth.Member("secret"u8) ?? JsonOutput.Null);
        headers.Add(type switch
        {
            "bearer" => new("Authorization", "Bearer " + secret.Reveal()),
            "basic" => new("Authorization", used.Basic(auth.Text("username"u8, string.Empty), secret)),
            _ => new(auth.Text("header"u8, "X-Api-Key"), secret.Reveal()),
        });
    }

    private static (ReadOnlyMemory<byte>? Body, string? ContentType) Body(JsonElement settings)
    {
        var type = settings.Text("body_type"u8, "json");
        if (type == "none" || settings.Member("body"u8) is not { } body)
        {
            return type == "form" ? (Form(settings), "application/x-www-form-urlencoded") : (null, null);
        }

        return type switch
        {
            "json" => (Encoding.UTF8.GetBytes(body.GetRawText()), "application/json"),
            "form" => (Form(settings), "application/x-www-form-urlencoded"),
            _ => (Encoding.UTF8.GetBytes(ExpressionValue.Of(body).ToString()), "text/plain; charset=utf-8"),
        };
    }

    private static byte[] Form(JsonElement settings) =>
        Encoding.ASCII.GetBytes(string.Join('&', settings.Pairs("form").Select(p => $"{Uri.EscapeDataString(p.Name)}={Uri.EscapeDataString(ExpressionValue.Of(p.Value).ToString())}")));

    private static NodeResult Result(OutgoingCall outgoing, EgressResponse answer, JsonElement settings, NodeEffect effect)
    {
        if (answer.IsCut)
        {
            return new NodeResult.Failed("response_too_large", $"{answer.Uri.Host} answered with more than {OutgoingCall.MaxBytes / 1024 / 1024} MB. Ask for less.");
        }

        if ((int)answer.Status >= 400 && !settings.IsTrue("errors_are_answers"u8))
        {
            return outgoing.Refused(answer, effect.RepeatSafe);
        }

        var wanted = settings.Text("response"u8, "auto");
        var isJson = wanted == "json" || (wanted == "auto" && answer.MediaType is { } type && (type == "application/json" || type.EndsWith("+json", StringComparison.Ordinal)));
        var body = isJson ? outgoing.Json(answer) : JsonOutput.Text(outgoing.Text(answer));
        if (body is not { } value)
        {
            return new NodeResult.Failed("response_not_json", $"{answer.Uri.Host} answered with something that is not JSON. Take the response as text.");
        }

        var output = JsonOutput.Build((outgoing, answer, value), static (writer, it) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("status"u8, (int)it.answer.Status);
            writer.WritePropertyName("headers"u8);
            it.outgoing.WriteHeaders(writer, it.answer);
            writer.WritePropertyName("body"u8);
            it.value.WriteTo(writer);
            writer.WriteEndObject();
        });
        return new NodeResult.Completed(output) { Summary = $"{(int)answer.Status} from {answer.Uri.Host}" };
    }
}

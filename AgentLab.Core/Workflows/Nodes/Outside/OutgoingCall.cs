using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using AgentLab.Core.Security;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Outside;

/// <summary>Sends one request for a node, and says how it ended in the node's words.</summary>
/// <param name="http">The way out.</param>
/// <param name="time">For <c>Retry-After</c>.</param>
/// <param name="used">The secrets in the request.</param>
internal sealed class OutgoingCall(EgressHttpClient http, TimeProvider time, UsedSecrets used)
{
    /// <summary>How much of an answer is read: 5 MB.</summary>
    public const int MaxBytes = 5 * 1024 * 1024;

    /// <summary>The node's own timeout ends a request; this only bounds what nobody waits for.</summary>
    private static readonly EgressLimits Limits = new() { MaxBytes = MaxBytes, Timeout = TimeSpan.FromDays(1), MaxRedirects = 10 };

    /// <summary>Whether a status means that trying again may help.</summary>
    public static bool IsTransient(HttpStatusCode status) => (int)status is 408 or 425 or 429 or 500 or 502 or 503 or 504;

    /// <summary>Sends it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="repeatSafe">Whether sending it twice does no harm: else a request that may have arrived is not simply sent again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The answer, or how the node ends without one.</returns>
    public async Task<(EgressResponse? Answer, NodeResult? End)> SendAsync(EgressRequest request, bool repeatSafe, CancellationToken cancellationToken)
    {
        try
        {
            return (await http.SendAsync(request with { Before = used.Guard }, Limits, cancellationToken), null);
        }
        catch (SecretRefusedException refused)
        {
            return (null, new NodeResult.Failed("secret_refused", refused.Message));
        }
        catch (EgressRefusedException refused)
        {
            return (null, new NodeResult.Failed("egress_refused", refused.Message));
        }
        catch (HttpRequestException failed) when (repeatSafe || failed.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError || NeverSent(failed))
        {
            return (null, new NodeResult.Failed("http_unreachable", $"{request.Uri.Host} cannot be reached or broke off: {Reason(failed)}.", CanRetry: true));
        }
        catch (HttpRequestException failed)
        {
            var what = $"{request.Method} {request.Uri.GetLeftPart(UriPartial.Path)}";
            return (null, new NodeResult.OutcomeUnknown(used.Redact(what), $"The request was sent, and {request.Uri.Host} broke off before it answered ({Reason(failed)}). Did it take effect?"));
        }
    }

    /// <summary>How a status that is an error ends the node.</summary>
    public NodeResult.Failed Refused(EgressResponse answer, bool repeatSafe)
    {
        var status = (int)answer.Status;
        var text = Text(answer) is { Length: > 0 } body ? ": " + OneLine(body) : string.Empty;
        return new NodeResult.Failed($"http_{status}", $"{answer.Uri.Host} answered {status}{text}", CanRetry: IsTransient(answer.Status) && (repeatSafe || status is 429 or 503))
        {
            RetryAfter = RetryAfter(answer),
        };
    }

    /// <summary>The answer's text without secrets.</summary>
    public string Text(EgressResponse answer) => answer.Body is { Length: > 0 } body ? used.Redact(Encoding(answer.Charset).GetString(body.Span)) : string.Empty;

    /// <summary>The answer's text as JSON; null when it is none.</summary>
    public JsonElement? Json(EgressResponse answer)
    {
        try
        {
            var text = Text(answer).TrimStart('\uFEFF');
            return text.Length == 0 ? JsonOutput.Null : used.Redact(JsonOutput.Parse(text));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The answer's headers without secrets.</summary>
    public void WriteHeaders(Utf8JsonWriter writer, EgressResponse answer)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in answer.Headers)
        {
            writer.WriteString(name, used.Redact(value));
        }

        writer.WriteEndObject();
    }

    private static bool NeverSent(HttpRequestException failed) => failed.InnerException is System.Net.Sockets.SocketException;

    private static string Reason(HttpRequestException failed) => failed.InnerException is System.Net.Sockets.SocketException socket
        ? socket.SocketErrorCode.ToString()
        : failed.HttpRequestError == HttpRequestError.Unknown ? "the connection failed" : failed.HttpRequestError.ToString();

    private static string OneLine(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return line.Length <= 300 ? line : line[..299] + "…";
    }

    private TimeSpan? RetryAfter(EgressResponse answer)
    {
        if (!answer.Headers.TryGetValue("retry-after", out var value))
        {
            return null;
        }

        var wait = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds)
            : DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at - time.GetUtcNow()
            : TimeSpan.Zero;
        return wait <= TimeSpan.Zero ? null : wait <= TimeSpan.FromHours(1) ? wait : TimeSpan.FromHours(1);
    }

    private static Encoding Encoding(string? charset)
    {
        try
        {
            return charset is null ? System.Text.Encoding.UTF8 : System.Text.Encoding.GetEncoding(charset.Trim('"', '\''));
        }
        catch (ArgumentException)
        {
            return System.Text.Encoding.UTF8;
        }
    }
}

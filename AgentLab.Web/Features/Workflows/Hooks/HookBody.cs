using System.Buffers;
using System.Text;
using System.Text.Json;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace AgentLab.Web.Features.Workflows.Hooks;

/// <summary>The body of a request to a hook: JSON, a form or a text, at most 1 MB.</summary>
internal sealed class HookBody
{
    private const string Signature = "signature";
    private static readonly string[] Hidden = ["authorization", "cookie", "secret", "token", "key", Signature, "password", "auth"];
    /// <summary>These differ when the same request is sent again, which must be known as the same.</summary>
    private static readonly string[] Changing = [HookSignatures.TimestampHeader, "X-Request-Id"];

    private static readonly string[] Shown = ["content-type", "user-agent", "accept", "accept-language", "origin", "referer"];

    private readonly Kind _kind;

    private HookBody(Kind kind, ReadOnlyMemory<byte> bytes)
    {
        _kind = kind;
        Bytes = bytes;
    }

    private enum Kind
    {
        None,
        Json,
        Form,
        Text,
    }

    /// <summary>The bytes as they came.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Reads the body.</summary>
    /// <exception cref="HookRefusedException">Its media type is not taken.</exception>
    public static async ValueTask<HookBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var bytes = await BytesAsync(request, cancellationToken);
        return bytes.Length == 0 ? new HookBody(Kind.None, bytes) : new HookBody(KindOf(request.ContentType), bytes);
    }

    /// <summary>The run's input: <c>{"method", "path", "query", "headers", "body"}</c>.</summary>
    /// <exception cref="HookRefusedException">The body is not what its media type says.</exception>
    public JsonElement Input(HttpRequest request, string signatureHeader) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("method", request.Method);
        writer.WriteString("path", request.Path.Value);
        writer.WriteStartObject("query");
        WritePairs(writer, request.Query);
        writer.WriteEndObject();
        writer.WriteStartObject("headers");
        foreach (var (name, value) in request.Headers)
        {
            if (IsShown(name) && !name.Equals(signatureHeader, StringComparison.OrdinalIgnoreCase))
            {
                writer.WriteString(name.ToLowerInvariant(), value.ToString());
            }
        }

        writer.WriteEndObject();
        writer.WritePropertyName("body");
        WriteBody(writer);
        writer.WriteEndObject();
    });

    /// <summary>What a waiting run gets: the body, or the query where there is none.</summary>
    /// <exception cref="HookRefusedException">The body is not what its media type says.</exception>
    public JsonElement Payload(HttpRequest request) => Write(writer =>
    {
        if (_kind != Kind.None || request.Query.Count == 0)
        {
            WriteBody(writer);
            return;
        }

        writer.WriteStartObject();
        WritePairs(writer, request.Query);
        writer.WriteEndObject();
    });

    private static async ValueTask<ReadOnlyMemory<byte>> BytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var reader = request.BodyReader;
        while (true)
        {
            // Kestrel refuses more than the endpoint's limit by itself.
            var read = await reader.ReadAsync(cancellationToken);
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static Kind KindOf(string? contentType)
    {
        var type = (contentType ?? "application/json").AsSpan();
        type = (type.IndexOf(';') is var end and >= 0 ? type[..end] : type).Trim();
        if (type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase))
        {
            return Kind.Json;
        }

        if (type.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            return Kind.Form;
        }

        return type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || type.EndsWith("/xml", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+xml", StringComparison.OrdinalIgnoreCase)
            ? Kind.Text
            : throw new HookRefusedException(ErrorCodes.UnsupportedMediaType, "Send JSON, a form (application/x-www-form-urlencoded) or a text, in UTF-8.");
    }

    private static JsonElement Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        try
        {
            using (var writer = new Utf8JsonWriter(buffer))
            {
                write(writer);
            }

            return JsonElement.Parse(buffer.WrittenSpan);
        }
        catch (Exception error) when (error is JsonException or DecoderFallbackException or ArgumentException)
        {
            throw new HookRefusedException(ErrorCodes.MalformedRequest, "The body is not what its Content-Type says: valid JSON (at most 60 levels deep), a form or a text, in UTF-8.");
        }
    }

    private static bool IsShown(string name) =>
        Shown.Contains(name, StringComparer.OrdinalIgnoreCase)
        || (name.StartsWith("X-", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("X-Forwarded", StringComparison.OrdinalIgnoreCase)
            && !Changing.Contains(name, StringComparer.OrdinalIgnoreCase) && !Array.Exists(Hidden, word => name.Contains(word, StringComparison.OrdinalIgnoreCase)));

    private static void WritePairs(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, StringValues>> pairs)
    {
        foreach (var (name, values) in pairs)
        {
            writer.WritePropertyName(name);
            if (values.Count == 1)
            {
                writer.WriteStringValue(values[0]);
                continue;
            }

            writer.WriteStartArray();
            foreach (var value in values)
            {
                writer.WriteStringValue(value);
            }

            writer.WriteEndArray();
        }
    }

    private void WriteBody(Utf8JsonWriter writer)
    {
        switch (_kind)
        {
            case Kind.None:
                writer.WriteNullValue();
                break;
            case Kind.Json:
                writer.WriteRawValue(Bytes.Span);
                break;
            case Kind.Form:
                writer.WriteStartObject();
                WritePairs(writer, QueryHelpers.ParseQuery(new UTF8Encoding(false, true).GetString(Bytes.Span)));
                writer.WriteEndObject();
                break;
            default:
                writer.WriteStringValue(new UTF8Encoding(false, true).GetString(Bytes.Span));
                break;
        }
    }
}

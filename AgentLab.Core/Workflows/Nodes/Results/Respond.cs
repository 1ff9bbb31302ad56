using System.Text.Json;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Results;

/// <summary>respond: answers the request that started the run.</summary>
internal sealed class Respond : PureKind
{
    private static readonly string[] Headers = ["content-type", "content-language", "content-disposition", "cache-control", "etag", "last-modified", "location", "retry-after", "link"];

    // Nothing that a browser would run in this server's name.
    private static readonly string[] ContentTypes =
        ["application/json", "application/problem+json", "application/x-ndjson", "text/plain", "text/csv", "text/markdown"];

    public override NodeDescription Description { get; } = new()
    {
        Kind = "respond",
        Title = "Respond",
        Group = NodeGroups.Results,
        Summary = "Answers the request that started the run, and goes on.",
        Help = $$"""
            For a webhook that waits for it, for runs that the API waits for, and for messages in the Lab. A text is sent as it is, anything else as JSON. Only the first answer of a run counts.
            Headers that may be set: {{string.Join(", ", Headers)}} and those that begin with `X-`. Content types: {{string.Join(", ", ContentTypes)}}.
            """,
        Icon = "M10 6.5 4.5 12l5.5 5.5M4.5 12H14a5.5 5.5 0 0 1 5.5 5.5v1",
        Keywords = ["answer", "reply", "webhook", "response", "status", "return"],
        Subtitle = "{status}",
        Role = NodeRole.Respond,
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "status": { "type": "integer", "title": "Status", "minimum": 200, "maximum": 599, "default": 200 },
                "body": { "title": "Body", "default": "{{data}}", "x-control": "json" },
                "headers": {
                  "type": "array", "title": "Headers", "maxItems": 30, "x-control": "pairs", "x-advanced": true,
                  "items": { "type": "object", "properties": { "name": { "type": "string", "title": "Name", "minLength": 1, "maxLength": 100 }, "value": { "type": "string", "title": "Value", "maxLength": 2000 } }, "required": ["name", "value"], "additionalProperties": false }
                }
              },
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"status": 200, "body": {"received": "{{data.id}}"}, "headers": [{"name": "X-Order", "value": "{{data.id}}"}]}"""),
    };

    public override IEnumerable<SettingFault> Check(JsonElement settings)
    {
        var i = 0;
        foreach (var (name, value) in settings.Pairs("headers"))
        {
            var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;
            if (!SettingReader.IsTemplate(name) && !SettingReader.IsTemplate(text) && Fault(name, text) is { } fault)
            {
                yield return new SettingFault($"/headers/{i}/name", "header_refused", fault);
            }

            i++;
        }
    }

    protected override NodeResult Run(NodeCall call)
    {
        var headers = new OrderedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in call.Settings.Pairs("headers"))
        {
            var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
            if (Fault(name, text) is { } fault)
            {
                return new NodeResult.Failed("header_refused", fault);
            }

            headers[name] = text;
        }

        return NodeResult.Of(JsonOutput.Build((call, headers), static (writer, it) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("status"u8, it.call.Settings.Whole("status"u8, 200));
            writer.WriteStartObject("headers"u8);
            foreach (var (name, value) in it.headers)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
            writer.WritePropertyName("body"u8);
            (it.call.Settings.Member("body"u8) ?? JsonOutput.Null).WriteTo(writer);
            writer.WriteEndObject();
        }));
    }

    private static string? Fault(string name, string value)
    {
        if (!name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-') || value.Any(char.IsControl))
        {
            return "A header's name is letters, digits and dashes, and its value has no line breaks.";
        }

        var lower = name.ToLowerInvariant();
        if (!Headers.Contains(lower) && !lower.StartsWith("x-", StringComparison.Ordinal))
        {
            return $"The header {name} cannot be set. Use {string.Join(", ", Headers)}, or one that begins with X-.";
        }

        return lower switch
        {
            "content-type" when !ContentTypes.Contains(value.Split(';')[0].Trim().ToLowerInvariant()) => $"The content type is one of {string.Join(", ", ContentTypes)}.",
            "location" when !Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") => "A location is an address that begins with http:// or https://.",
            _ => null,
        };
    }
}

/// <summary>Reads what a node of the role <see cref="NodeRole.Respond"/> gave.</summary>
public static class RespondOutput
{
    /// <summary>The answer that its output describes; null when it describes none.</summary>
    public static WorkflowResponse? Read(JsonElement output)
    {
        if (output.ValueKind != JsonValueKind.Object || !output.TryGetProperty("body", out var body))
        {
            return null;
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (output.TryGetProperty("headers", out var given) && given.ValueKind == JsonValueKind.Object)
        {
            foreach (var header in given.EnumerateObject().Where(h => h.Value.ValueKind == JsonValueKind.String))
            {
                headers[header.Name] = header.Value.GetString()!;
            }
        }

        return new WorkflowResponse(Math.Clamp(output.Whole("status"u8, 200), 200, 599), headers, body);
    }
}

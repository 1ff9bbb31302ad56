using System.Text.Json;
using System.Text.Json.Nodes;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Web.Features.Workflows.Editor;

/// <summary>The table of node kinds, written once for all pages: kinds never change while the program runs.</summary>
public sealed class NodeTypeTable(INodeKinds kinds)
{
    private readonly Lazy<string> _json = new(() => NodeTypes.Of(kinds).ToJsonString());

    /// <summary>A JSON list of kinds, as the canvas reads it.</summary>
    public string Json => _json.Value;
}

/// <summary>The table of node kinds as the canvas takes it: what to draw, which ports there are, and which settings make more of them.</summary>
internal static class NodeTypes
{
    private const string Probe = "probe_7f3a";

    /// <summary>All kinds.</summary>
    public static JsonArray Of(INodeKinds kinds) => [.. NodeSearch.Find(kinds.All, "").Select(kind => (JsonNode)Of(kind))];

    private static JsonObject Of(INodeKind kind)
    {
        var about = kind.Description;
        var type = new JsonObject
        {
            ["kind"] = about.Kind,
            ["title"] = about.Title,
            ["group"] = about.Group,
            ["icon"] = about.Icon,
            ["description"] = about.Summary,
            ["role"] = RoleOf(about.Role),
            ["ports"] = new JsonObject { ["in"] = Ports(about.Inputs), ["out"] = Ports(about.Outputs) },
            ["keywords"] = new JsonArray([.. about.Keywords.Select(word => (JsonNode)word)]),
            ["subtitle"] = about.Subtitle,
            ["defaults"] = new JsonObject { ["settings"] = Defaults(about.Settings) },
        };
        if (DynamicPorts(kind) is { } rule)
        {
            type["dynamicPorts"] = rule;
        }

        return type;
    }

    /// <summary>The settings that a new node begins with: what the schema's defaults say, advanced ones left to the engine.</summary>
    public static JsonObject Defaults(JsonElement schema)
    {
        var settings = new JsonObject();
        foreach (var field in Forms.SettingFields.Of(schema, templates: true).Where(field => !field.Advanced && field.Default is not null))
        {
            settings[field.Name] = JsonNode.Parse(field.Default!.Value.GetRawText());
        }

        return settings;
    }

    private static string RoleOf(NodeRole role) => role switch
    {
        NodeRole.Trigger => "trigger",
        NodeRole.Loop => "loop",
        NodeRole.Action => "action",
        _ => "control",
    };

    private static JsonArray Ports(IReadOnlyList<NodePort> ports) => [.. ports.Select(port => (JsonNode)new JsonObject { ["name"] = port.Name, ["label"] = port.Label })];

    /// <summary>
    /// Which setting makes ports is the kind's own code. It is asked with a list whose items carry a name that nothing else has: where that name comes back as a
    /// port, the canvas can do the same without asking.
    /// </summary>
    private static JsonObject? DynamicPorts(INodeKind kind)
    {
        if (!kind.Description.Settings.TryGetProperty("properties", out var properties))
        {
            return null;
        }

        foreach (var list in properties.EnumerateObject().Where(property => Is(property.Value, "array") && property.Value.TryGetProperty("items", out _)))
        {
            var items = list.Value.GetProperty("items");
            var names = items.TryGetProperty("properties", out var fields) ? [.. fields.EnumerateObject().Where(field => Is(field.Value, "string")).Select(field => field.Name)] : new List<string> { "" };
            foreach (var name in names)
            {
                JsonNode item = name.Length == 0 ? JsonValue.Create(Probe) : new JsonObject { [name] = Probe };
                var settings = JsonSerializer.SerializeToElement(new JsonObject { [list.Name] = new JsonArray(item) });
                var ports = PortsWith(kind, settings);
                if (ports.Any(port => port.Name == Probe))
                {
                    return new JsonObject
                    {
                        ["setting"] = list.Name,
                        ["nameFrom"] = name,
                        ["extra"] = new JsonArray([.. ports.Where(port => port.Name != Probe).Select(port => (JsonNode)port.Name)]),
                    };
                }
            }
        }

        return null;
    }

    private static IReadOnlyList<NodePort> PortsWith(INodeKind kind, JsonElement settings)
    {
        try
        {
            return kind.Outputs(settings);
        }
        catch (Exception fault) when (fault is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // Settings of another shape than the kind expects: then this list makes no ports.
            return [];
        }
    }

    private static bool Is(JsonElement schema, string type) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type", out var given) && given.ValueKind == JsonValueKind.String && given.GetString() == type;
}

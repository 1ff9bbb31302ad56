using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Flow;

/// <summary>merge: branches come together.</summary>
internal sealed class Merge : PureKind
{
    public override NodeDescription Description { get; } = new()
    {
        Kind = "merge",
        Title = "Merge",
        Group = NodeGroups.Flow,
        Summary = "Brings branches together.",
        Help = """
            **Wait for**: *all* live branches (those that a condition has not switched off), the *first* one, or a *count* of them; what comes later is left aside.
            **Combine** their values to a *list* in the order of the edges, to one *object* (of two equal names the later branch wins), or take the *first* value alone.
            """,
        Icon = "M4 5.5h3.5c4 0 4.5 6.5 8.5 6.5H20M4 18.5h3.5c4 0 4.5-6.5 8.5-6.5M17.5 9.5 20 12l-2.5 2.5",
        Keywords = ["join", "combine", "wait", "all", "any", "together"],
        Subtitle = "{mode}",
        Role = NodeRole.Merge,
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "mode": { "type": "string", "title": "Wait for", "enum": ["all", "any", "count"], "default": "all", "x-template": false },
                "count": { "type": "integer", "title": "How many", "minimum": 1, "maximum": 100, "default": 2, "x-show-if": { "mode": "count" }, "x-template": false },
                "combine": { "type": "string", "title": "Combine to", "enum": ["list", "object", "first"], "default": "list", "x-template": false }
              },
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"mode": "all", "combine": "object"}"""),
    };

    protected override NodeResult Run(NodeCall call)
    {
        var values = call.Data.ValueKind == JsonValueKind.Array ? call.Data : JsonOutput.List([call.Data]);
        return call.Settings.Text("combine"u8) switch
        {
            "first" => NodeResult.Of(values.GetArrayLength() > 0 ? values[0] : JsonOutput.Null),
            "object" => NodeResult.Of(Combined(values)),
            _ => NodeResult.Of(values),
        };
    }

    private static JsonElement Combined(JsonElement values)
    {
        var members = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var value in values.EnumerateArray())
        {
            if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
            {
                throw new ExpressionException("merge_type", $"Only objects make one object, and a branch brought {ExpressionValue.Name(ExpressionValue.TypeOf(value))}. Combine to a list, or set values before.");
            }

            foreach (var member in value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : default)
            {
                members[member.Name] = member.Value;
            }
        }

        return JsonOutput.Build(members, static (writer, them) =>
        {
            writer.WriteStartObject();
            foreach (var (name, value) in them)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        });
    }
}

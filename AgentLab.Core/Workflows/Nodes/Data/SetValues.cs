using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Data;

/// <summary>set_values: an object with the values that are named, on top of what came in or alone.</summary>
internal sealed class SetValues : PureKind
{
    private const int MaxPath = 20;

    public override NodeDescription Description { get; } = new()
    {
        Kind = "set_values",
        Title = "Set values",
        Group = NodeGroups.Data,
        Summary = "Gives an object with the values that you name.",
        Help = """
            Each pair is a name and a value. A value that is one reference, such as `{{data.total}}`, keeps its type; text round it makes a text.
            A name with points makes objects within objects: `customer.name`. **Keep** adds the values to the object that came in; otherwise they alone go out.
            """,
        Icon = "M4 7h7M4 12h7M4 17h7M15 6l1.5 1.5L20 4M15 13h5M15 17h5",
        Keywords = ["edit", "fields", "assign", "variable", "object", "rename"],
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "values": {
                  "type": "array", "title": "Values", "maxItems": 200, "x-control": "pairs",
                  "items": { "type": "object", "properties": { "name": { "type": "string", "title": "Name", "minLength": 1, "maxLength": 200 }, "value": { "title": "Value" } }, "required": ["name"], "additionalProperties": false },
                  "examples": [[{ "name": "total", "value": "{{data.total}}" }]]
                },
                "keep": { "type": "boolean", "title": "Keep what came in", "description": "Add the values to the object that came in.", "default": true, "x-template": false }
              },
              "required": ["values"],
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"values": [{"name": "customer.name", "value": "{{data.name}}"}, {"name": "greeting", "value": "Dear {{data.name}}"}], "keep": true}"""),
    };

    public override IEnumerable<SettingFault> Check(JsonElement settings)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var i = 0;
        foreach (var pair in settings.Items("values"u8))
        {
            var name = pair.Text("name"u8) ?? string.Empty;
            if (!SettingReader.IsTemplate(name) && PathFault(name) is { } fault)
            {
                yield return new SettingFault($"/values/{i}/name", "name_invalid", fault);
            }
            else if (!seen.Add(name))
            {
                yield return new SettingFault($"/values/{i}/name", "name_twice", $"\"{name}\" is set twice. Remove one of them.");
            }

            i++;
        }
    }

    protected override NodeResult Run(NodeCall call)
    {
        var keeps = call.Settings.IsTrue("keep"u8, otherwise: true) && call.Data.ValueKind == JsonValueKind.Object;
        var root = new Branch();
        foreach (var (name, value) in call.Settings.Pairs("values"))
        {
            if (PathFault(name) is { } fault)
            {
                throw new ExpressionException("name_invalid", fault, "/values");
            }

            root.Set(name, value);
        }

        return NodeResult.Of(JsonOutput.Build((root, call.Data, keeps), static (writer, it) => it.root.Write(writer, it.keeps ? it.Data : default)));
    }

    private static string? PathFault(string name) =>
        name.Split('.') is var parts && parts.Length <= MaxPath && Array.TrueForAll(parts, part => part.Length > 0)
            ? null
            : $"A name is a word, or up to {MaxPath} words with single points between them: customer.name.";

    /// <summary>The values below one name.</summary>
    private sealed class Branch
    {
        private readonly Dictionary<string, Branch> _members = new(StringComparer.Ordinal);
        private JsonElement? _value;

        public void Set(string name, JsonElement value)
        {
            var at = this;
            foreach (var part in name.Contains('.') ? name.Split('.') : [name])
            {
                if (!at._members.TryGetValue(part, out var next))
                {
                    at._members[part] = next = new Branch();
                }

                at = next;
            }

            at._value = value;
        }

        /// <summary>The members of <paramref name="under"/> in their order with the new values in their place, then the new ones.</summary>
        public void Write(Utf8JsonWriter writer, JsonElement under)
        {
            if (_members.Count == 0 && _value is { } value)
            {
                value.WriteTo(writer);
                return;
            }

            // A value that was set as a whole and then in part: the parts go into it.
            under = _value ?? under;
            writer.WriteStartObject();
            if (under.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in under.EnumerateObject())
                {
                    if (_members.TryGetValue(member.Name, out var branch))
                    {
                        writer.WritePropertyName(member.Name);
                        branch.Write(writer, member.Value);
                    }
                    else
                    {
                        member.WriteTo(writer);
                    }
                }
            }

            foreach (var (name, added) in _members)
            {
                if (under.ValueKind != JsonValueKind.Object || !under.TryGetProperty(name, out _))
                {
                    writer.WritePropertyName(name);
                    added.Write(writer, default);
                }
            }

            writer.WriteEndObject();
        }
    }
}

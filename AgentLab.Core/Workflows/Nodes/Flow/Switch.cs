using System.Text.Json;
using System.Text.RegularExpressions;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Expressions.Conditions;

namespace AgentLab.Core.Workflows.Nodes.Flow;

/// <summary>switch: one of several ways, each with its port.</summary>
internal sealed partial class Switch : PureKind
{
    private const string Default = "default";

    public override NodeDescription Description { get; } = new()
    {
        Kind = "switch",
        Title = "Switch",
        Group = NodeGroups.Flow,
        Summary = "Goes the way of the first case that fits.",
        Help = """
            Each case has a port of its own name. **By value**: the case whose *equals* is equal to the value. **By condition**: the first case whose condition holds.
            When none fits, what came in goes out through **default**.
            """,
        Icon = "M4 12h5l4-6.5h6M9 12h10M9 12l4 6.5h6M17 3.5l2 2-2 2M17 10l2 2-2 2M17 16.5l2 2-2 2",
        Keywords = ["case", "route", "branch", "choose", "cases"],
        Subtitle = "{value}",
        Outputs = [new(Default, "otherwise")],
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "by": { "type": "string", "title": "Choose by", "enum": ["value", "condition"], "default": "value", "x-template": false },
                "value": { "title": "Value", "x-control": "text", "x-show-if": { "by": "value" }, "examples": ["{{data.country}}"] },
                "cases": {
                  "type": "array", "title": "Cases", "minItems": 1, "maxItems": 30,
                  "items": {
                    "type": "object",
                    "properties": {
                      "name": { "type": "string", "title": "Port", "description": "Small letters, digits and _.", "pattern": "^[a-z][a-z0-9_]{0,49}$", "x-template": false },
                      "label": { "type": "string", "title": "Label", "maxLength": 60, "x-template": false },
                      "equals": { "title": "Equals", "x-control": "text", "x-show-if": { "by": "value" } },
                      "condition": { "type": "object", "title": "If", "x-control": "conditions", "x-show-if": { "by": "condition" } }
                    },
                    "required": ["name"], "additionalProperties": false
                  }
                }
              },
              "required": ["cases"],
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"by": "value", "value": "{{data.country}}", "cases": [{"name": "germany", "label": "Germany", "equals": "DE"}, {"name": "austria", "label": "Austria", "equals": "AT"}]}"""),
    };

    public override IReadOnlyList<NodePort> Outputs(JsonElement settings)
    {
        var ports = new List<NodePort>();
        foreach (var one in settings.Items("cases"u8))
        {
            if (one.Text("name"u8) is { } name && PortName().IsMatch(name) && ports.TrueForAll(p => p.Name != name) && name is not (Default or "error"))
            {
                ports.Add(new NodePort(name, one.Text("label"u8, name)));
            }
        }

        return [.. ports, .. Description.Outputs];
    }

    public override IEnumerable<SettingFault> Check(JsonElement settings)
    {
        var byValue = settings.Text("by"u8) != "condition";
        if (byValue && settings.ValueKind == JsonValueKind.Object && !settings.TryGetProperty("value", out _))
        {
            yield return new SettingFault("/value", "setting_required", "Say which value decides, such as {{data.country}}.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal) { Default, "error" };
        var i = 0;
        foreach (var one in settings.Items("cases"u8))
        {
            var at = $"/cases/{i++}";
            if (one.Text("name"u8) is { } name && !seen.Add(name))
            {
                yield return new SettingFault(at + "/name", "port_twice", $"A port \"{name}\" is there already. Choose another name.");
            }

            var needed = byValue ? "equals" : "condition";
            if (one.ValueKind == JsonValueKind.Object && !one.TryGetProperty(needed, out _))
            {
                yield return new SettingFault($"{at}/{needed}", "setting_required", byValue ? "Say what the value must equal." : "Say when this case fits.");
            }
            else if (!byValue)
            {
                foreach (var fault in Settings.CheckCondition(one, "condition", at + "/condition"))
                {
                    yield return fault;
                }
            }
        }
    }

    protected override NodeResult Run(NodeCall call)
    {
        var byValue = call.Settings.Text("by"u8) != "condition";
        var value = ExpressionValue.Of(call.Settings.Member("value"u8));
        foreach (var one in call.Settings.Items("cases"u8))
        {
            var fits = byValue
                ? Comparison.AreEqual(value, ExpressionValue.Of(one.Member("equals"u8)))
                : one.Member("condition"u8) is { } condition && Condition.Holds(condition);
            if (fits)
            {
                return new NodeResult.Completed(call.Data, one.Text("name"u8, Default));
            }
        }

        return new NodeResult.Completed(call.Data, Default);
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,49}$", RegexOptions.NonBacktracking)]
    private static partial Regex PortName();
}

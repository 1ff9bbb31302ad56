using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Expressions.Conditions;

namespace AgentLab.Core.Workflows.Nodes.Data;

/// <summary>aggregate: figures over the items of a list, as a whole or for each group.</summary>
internal sealed class Aggregate : PureKind
{
    private readonly ItemExpressions _groupBy = new("group_by");
    private readonly ItemExpressions _values = new("values");

    public override NodeDescription Description { get; } = new()
    {
        Kind = "aggregate",
        Title = "Aggregate",
        Group = NodeGroups.Data,
        Summary = "Counts, adds up and averages a list, as a whole or by group.",
        Help = """
            Without a group one object goes out with the figures that you name. With one, such as `{{item.country}}`, a list goes out: one object for each group, with `group` and the
            figures, in the order in which the groups first appear. Items without the value are left out of sums and averages; an average of none is null.
            """,
        Icon = "M5 19.5V11M10 19.5V5M15 19.5v-6M20 19.5V8M3.5 19.5h18",
        Keywords = ["group", "count", "sum", "average", "minimum", "maximum", "statistics", "total"],
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "items": { "title": "Items", "description": "A list.", "default": "{{data}}", "x-control": "text" },
                "group_by": { "type": "string", "title": "Group by", "description": "What an item's group is; empty for one figure over all.", "examples": ["{{item.country}}"], "x-template": false },
                "values": {
                  "type": "array", "title": "Figures", "minItems": 1, "maxItems": 30, "x-template": false,
                  "items": {
                    "type": "object",
                    "properties": {
                      "name": { "type": "string", "title": "Name", "minLength": 1, "maxLength": 100 },
                      "operation": { "type": "string", "title": "Figure", "enum": ["count", "sum", "average", "min", "max", "list", "first", "last"] },
                      "value": { "type": "string", "title": "Of", "examples": ["{{item.total}}"] }
                    },
                    "required": ["name", "operation"], "additionalProperties": false
                  }
                }
              },
              "required": ["values"],
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"items": "{{data.orders}}", "group_by": "{{item.country}}", "values": [{"name": "orders", "operation": "count"}, {"name": "revenue", "operation": "sum", "value": "{{item.total}}"}]}"""),
    };

    public override IEnumerable<SettingFault> Check(JsonElement settings)
    {
        var i = 0;
        foreach (var figure in settings.Items("values"u8))
        {
            if (figure.Text("operation"u8) is not (null or "count") && figure.Text("value"u8) is null)
            {
                yield return new SettingFault($"/values/{i}/value", "setting_required", "Say what it is made of, such as {{item.total}}.");
            }

            i++;
        }

        foreach (var fault in _groupBy.Check(settings).Concat(_values.Check(settings)))
        {
            yield return fault;
        }
    }

    protected override NodeResult Run(NodeCall call)
    {
        var (groupBy, values) = (_groupBy.Of(call), _values.Of(call));
        var isGrouped = call.Settings.Text("group_by"u8) is { Length: > 0 };
        var groups = new Dictionary<string, Group>(StringComparer.Ordinal);
        var order = new List<Group>();
        var index = 0;
        foreach (var item in Settings.ItemsOf(call))
        {
            var scope = call.Scope with { Item = item, Index = index++ };
            var key = isGrouped ? groupBy.Evaluate(scope) : JsonOutput.Null;
            var name = Deduplicate.KeyOf(key);
            if (!groups.TryGetValue(name, out var group))
            {
                groups[name] = group = new Group(key, [.. call.Settings.Items("values"u8).Select(v => new Figure(v.Text("name"u8)!, v.Text("operation"u8)!, v.Text("value"u8) is null))]);
                order.Add(group);
            }

            group.Add(values.Evaluate(scope));
        }

        if (!isGrouped)
        {
            var all = order.FirstOrDefault() ?? new Group(JsonOutput.Null, [.. call.Settings.Items("values"u8).Select(v => new Figure(v.Text("name"u8)!, v.Text("operation"u8)!, v.Text("value"u8) is null))]);
            return NodeResult.Of(JsonOutput.Build(all, static (writer, it) => it.Write(writer, withKey: false)));
        }

        var grouped = JsonOutput.Build(order, static (writer, them) =>
        {
            writer.WriteStartArray();
            them.ForEach(group => group.Write(writer, withKey: true));
            writer.WriteEndArray();
        });
        return new NodeResult.Completed(grouped) { Summary = $"{order.Count} groups of {index} items" };
    }

    private sealed class Group(JsonElement key, IReadOnlyList<Figure> figures)
    {
        public void Add(JsonElement values)
        {
            var i = 0;
            foreach (var value in values.EnumerateArray())
            {
                figures[i++].Add(ExpressionValue.Of(value.Member("value"u8)));
            }
        }

        public void Write(Utf8JsonWriter writer, bool withKey)
        {
            writer.WriteStartObject();
            if (withKey)
            {
                writer.WritePropertyName("group"u8);
                key.WriteTo(writer);
            }

            foreach (var figure in figures)
            {
                writer.WritePropertyName(figure.Name);
                figure.Result().WriteTo(writer);
            }

            writer.WriteEndObject();
        }
    }

    private sealed class Figure(string name, string operation, bool countsAll)
    {
        private readonly List<JsonElement> _list = [];
        private ExpressionValue _kept;
        private decimal _sum;
        private long _count;

        public string Name => name;

        public void Add(ExpressionValue value)
        {
            if (!value.Exists && !countsAll)
            {
                return;
            }

            _count++;
            switch (operation)
            {
                case "sum" or "average":
                    _sum += value.TryNumber(out var number) ? number : throw new ExpressionException("aggregate_type", $"\"{name}\" adds up numbers, and an item has {Comparison.Shown(value)}.");
                    break;
                case "min" when _count == 1 || Comparison.Order(value, _kept) < 0:
                case "max" when _count == 1 || Comparison.Order(value, _kept) > 0:
                case "first" when _count == 1:
                case "last":
                    _kept = value;
                    break;
                case "list":
                    _list.Add(value.ToJson());
                    break;
            }
        }

        public ExpressionValue Result() => operation switch
        {
            "count" => ExpressionValue.Of(_count),
            "sum" => ExpressionValue.Of(_sum),
            "average" => _count == 0 ? ExpressionValue.Null : ExpressionValue.Of(_sum / _count),
            "list" => ExpressionValue.Of(JsonOutput.List(_list)),
            _ => _kept,
        };
    }
}

using System.Text;
using System.Text.Json;

namespace AgentLab.Core.Workflows.Expressions.Templates;

/// <summary>Lists and objects.</summary>
internal static class ListHelpers
{
    public static IReadOnlyList<TemplateHelper> All { get; } =
    [
        new("length", "length value", "how many characters, items or members; 0 for nothing", 1, 1, (a, _) => Length(a[0])),
        new("first", "first list", "its first item", 1, 1, (a, _) => Item(a[0], "first", 0)),
        new("last", "last list", "its last item", 1, 1, (a, _) => Item(a[0], "last", -1)),
        new("lookup", "lookup value name", "the member or item of this name or number", 2, 2, (a, _) => Lookup(a[0], a[1])),
        new("join", "join list separator", "the items as one text; without a separator: \", \"", 1, 2, Join),
        new("slice", "slice value from count", "a part of a text or list; from the end when \"from\" is below 0", 2, 3, Slice),
        new("keys", "keys object", "its members' names", 1, 1, (a, b) => Members(a[0], b, "keys", static (writer, member) => writer.WriteStringValue(member.Name))),
        new("values", "values object", "its members' values", 1, 1, (a, b) => Members(a[0], b, "values", static (writer, member) => member.Value.WriteTo(writer))),
    ];

    private static ExpressionValue Length(ExpressionValue value) => ExpressionValue.Of(value.Type switch
    {
        ValueType.Null => 0,
        ValueType.Text => value.Text.Length,
        ValueType.List => value.Element.GetArrayLength(),
        ValueType.Object => value.Element.GetPropertyCount(),
        _ => throw TemplateHelpers.Wrong("length", "a text, list or object", value),
    });

    private static ExpressionValue Item(ExpressionValue list, string helper, int index)
    {
        if (list.Type is not (ValueType.List or ValueType.Null))
        {
            throw TemplateHelpers.Wrong(helper, "a list", list);
        }

        var count = list.Exists ? list.Element.GetArrayLength() : 0;
        return count == 0 ? default : ExpressionValue.Of(list.Element[index < 0 ? count - 1 : index]);
    }

    private static ExpressionValue Lookup(ExpressionValue value, ExpressionValue name)
    {
        if (value.Type == ValueType.Object)
        {
            return value.Element.TryGetProperty(TemplateHelpers.Text(name, "lookup"), out var member) ? ExpressionValue.Of(member) : default;
        }

        return value.Type == ValueType.List && name.TryNumber(out var index) && index >= 0 && index < value.Element.GetArrayLength() && decimal.IsInteger(index)
            ? ExpressionValue.Of(value.Element[(int)index])
            : default;
    }

    private static ExpressionValue Join(ExpressionValue[] values, WorkBudget budget)
    {
        var list = values[0];
        if (list.Type is not (ValueType.List or ValueType.Null))
        {
            throw TemplateHelpers.Wrong("join", "a list", list);
        }

        var separator = values.Length > 1 ? TemplateHelpers.Text(values[1], "join") : ", ";
        var text = new StringBuilder();
        var isFirst = true;
        foreach (var item in list.Exists ? list.Element.EnumerateArray() : default)
        {
            if (!isFirst)
            {
                text.Append(separator);
            }

            ExpressionValue.Of(item).AppendTo(text);
            isFirst = false;
            budget.Spend(separator.Length);
            if (text.Length > ExpressionLimits.OutputBytes)
            {
                throw TextHelpers.TooLarge("join");
            }
        }

        return ExpressionValue.Of(text.ToString());
    }

    private static ExpressionValue Slice(ExpressionValue[] values, WorkBudget budget)
    {
        var value = values[0];
        var total = (int)(Length(value).TryNumber(out var length) ? length : 0);
        var from = TemplateHelpers.Whole(values[1], "slice");
        from = Math.Clamp(from < 0 ? total + from : from, 0, total);
        var count = Math.Clamp(values.Length > 2 ? TemplateHelpers.Whole(values[2], "slice") : total, 0, total - from);
        return value.Type switch
        {
            ValueType.Null => value,
            ValueType.Text => ExpressionValue.Of(value.Text.Substring(from, count)),
            ValueType.List => ExpressionValue.Of(JsonOutput.List(value.Element.EnumerateArray().Skip(from).Take(count))),
            _ => throw TemplateHelpers.Wrong("slice", "a text or list", value),
        };
    }

    private static ExpressionValue Members(ExpressionValue value, WorkBudget budget, string helper, Action<Utf8JsonWriter, JsonProperty> write)
    {
        if (value.Type is not (ValueType.Object or ValueType.Null))
        {
            throw TemplateHelpers.Wrong(helper, "an object", value);
        }

        return ExpressionValue.Of(!value.Exists ? JsonOutput.EmptyList : JsonOutput.Build((value.Element, write), static (writer, them) =>
        {
            writer.WriteStartArray();
            foreach (var member in them.Element.EnumerateObject())
            {
                them.write(writer, member);
            }

            writer.WriteEndArray();
        }));
    }
}

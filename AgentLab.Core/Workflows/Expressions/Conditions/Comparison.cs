using System.Text.Json;

namespace AgentLab.Core.Workflows.Expressions.Conditions;

/// <summary>
/// How values compare, the same in templates, conditions, sorting and grouping. Numbers compare as numbers, times (ISO 8601) as times, other texts letter by letter.
/// A number and a text never compare: that is an error that says so, not a guess.
/// </summary>
internal static class Comparison
{
    /// <summary>Whether two values are equal: numbers by value, lists and objects by content. A missing value equals only a missing one.</summary>
    /// <exception cref="ExpressionException">One is a number and the other a text, or a truth value and something else that is there.</exception>
    public static bool AreEqual(ExpressionValue left, ExpressionValue right, bool ignoreCase = false)
    {
        if (left.Type == ValueType.Null || right.Type == ValueType.Null)
        {
            return left.Type == right.Type;
        }

        if (left.Type != right.Type)
        {
            return IsScalar(left) && IsScalar(right) ? throw Unlike(left, right) : false;
        }

        return left.Type switch
        {
            ValueType.Text => string.Equals(left.Text, right.Text, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal),
            ValueType.Boolean => left.Boolean == right.Boolean,
            ValueType.Number => left.TryNumber(out var a) && right.TryNumber(out var b) ? a == b : JsonElement.DeepEquals(left.ToJson(), right.ToJson()),
            _ => JsonElement.DeepEquals(left.Element, right.Element),
        };
    }

    /// <summary>Below 0, 0 or above 0, for two numbers or two texts; two times compare as times.</summary>
    /// <exception cref="ExpressionException">They have no order.</exception>
    public static int Order(ExpressionValue left, ExpressionValue right, bool ignoreCase = false)
    {
        if (left.Type == ValueType.Number && right.Type == ValueType.Number)
        {
            return left.TryNumber(out var a) && right.TryNumber(out var b) ? a.CompareTo(b) : left.ToJson().GetDouble().CompareTo(right.ToJson().GetDouble());
        }

        if (left.Type == ValueType.Text && right.Type == ValueType.Text)
        {
            return Times.TryParse(left.Text, out var before) && Times.TryParse(right.Text, out var after)
                ? before.CompareTo(after)
                : string.Compare(left.Text, right.Text, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        }

        throw Unlike(left, right);
    }

    /// <summary>Whether a text has the part, or a list an equal value.</summary>
    public static bool Contains(ExpressionValue whole, ExpressionValue part, bool ignoreCase)
    {
        switch (whole.Type)
        {
            case ValueType.Null:
                return false;
            case ValueType.Text when part.Type == ValueType.Text:
                return whole.Text.Contains(part.Text, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
            case ValueType.List:
                foreach (var item in whole.Element.EnumerateArray())
                {
                    var value = ExpressionValue.Of(item);
                    if (value.Type == part.Type && AreEqual(value, part, ignoreCase))
                    {
                        return true;
                    }
                }

                return false;
            case ValueType.Object when part.Type == ValueType.Text:
                return whole.Element.TryGetProperty(part.Text, out _);
            default:
                throw new ExpressionException("condition_type", $"\"contains\" looks for a text in a text, a value in a list or a name in an object. It was given {Shown(whole)} and {Shown(part)}.");
        }
    }

    /// <summary>A total order for sorting: missing values first, then truth values, numbers, texts, lists, objects.</summary>
    public static int Rank(ExpressionValue left, ExpressionValue right) =>
        left.Type != right.Type ? left.Type.CompareTo(right.Type)
        : left.Type is ValueType.Number or ValueType.Text ? Order(left, right)
        : left.Type == ValueType.Boolean ? left.Boolean.CompareTo(right.Boolean)
        : 0;

    /// <summary>A value for a message: short, with its type.</summary>
    public static string Shown(ExpressionValue value)
    {
        if (value.Type is ValueType.Null or ValueType.List or ValueType.Object)
        {
            return value.Type == ValueType.Null ? "nothing (the value is missing)" : ExpressionValue.Name(value.Type);
        }

        var text = value.ToString();
        text = text.Length > 40 ? text[..40] + "…" : text;
        return value.Type == ValueType.Text ? $"the text \"{text}\"" : value.Type == ValueType.Number ? $"the number {text}" : text;
    }

    private static bool IsScalar(ExpressionValue value) => value.Type is ValueType.Boolean or ValueType.Number or ValueType.Text;

    private static ExpressionException Unlike(ExpressionValue left, ExpressionValue right) =>
        new("condition_type", $"{Capital(Shown(left))} and {Shown(right)} cannot be compared. Make both numbers, both texts or both times; {{{{number …}}}} and {{{{text …}}}} convert.");

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}

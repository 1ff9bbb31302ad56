using System.Text.Json;

namespace AgentLab.Core.Workflows.Expressions.Conditions;

/// <summary>
/// Structured conditions: <c>{"left", "operator", "right", "ignoreCase"}</c>, or a group <c>{"all": [...]}</c> or <c>{"any": [...]}</c> nested at most five deep.
/// Data and not code: the values on both sides were templates, and are values by now.
/// </summary>
public static class Condition
{
    /// <summary>The operators, in the order in which forms offer them.</summary>
    public static IReadOnlyList<string> Operators { get; } =
    [
        "equals", "not_equals", "greater", "greater_or_equal", "less", "less_or_equal", "contains", "not_contains", "starts_with", "ends_with", "matches",
        "is_empty", "is_not_empty", "exists", "not_exists", "is_true", "is_false", "in", "not_in", "before", "after",
    ];

    /// <summary>The operators that take no right side.</summary>
    public static IReadOnlyList<string> WithoutRight { get; } = ["is_empty", "is_not_empty", "exists", "not_exists", "is_true", "is_false"];

    /// <summary>What is wrong with the shape of a condition, wherever its values come from; null when nothing is.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="field">The JSON pointer of the condition, for the faults in it.</param>
    public static ExpressionException? Fault(JsonElement condition, string field)
    {
        var left = ExpressionLimits.Conditions;
        return Fault(condition, field, 1, ref left);
    }

    /// <summary>Whether a condition holds.</summary>
    /// <exception cref="ExpressionException">It is not well formed, or its values have types that do not fit its operator.</exception>
    public static bool Holds(JsonElement condition)
    {
        var left = ExpressionLimits.Conditions;
        return Holds(condition, 1, ref left);
    }

    private static ExpressionException? Fault(JsonElement condition, string field, int depth, ref int left)
    {
        if (--left < 0 || depth > ExpressionLimits.ConditionDepth + 1)
        {
            return TooMuch(field);
        }

        if (condition.ValueKind != JsonValueKind.Object)
        {
            return Shape(field);
        }

        if (Group(condition, out _) is { } group)
        {
            if (group.Value.ValueKind != JsonValueKind.Array || group.Value.GetArrayLength() == 0 || condition.GetPropertyCount() > 1)
            {
                return new ExpressionException("condition_syntax", $"\"{group.Name}\" takes a list of at least one condition, and stands alone.", $"{field}/{group.Name}");
            }

            var i = 0;
            foreach (var inner in group.Value.EnumerateArray())
            {
                if (Fault(inner, $"{field}/{group.Name}/{i++}", depth + 1, ref left) is { } fault)
                {
                    return fault;
                }
            }

            return null;
        }

        return Comparing(condition, field);
    }

    private static ExpressionException? Comparing(JsonElement condition, string field)
    {
        foreach (var member in condition.EnumerateObject())
        {
            if (member.Name is not ("left" or "operator" or "right" or "ignoreCase"))
            {
                return new ExpressionException("condition_syntax", $"\"{member.Name}\" is not known. A condition has left, operator, right and ignoreCase.", $"{field}/{member.Name}");
            }
        }

        if (!condition.TryGetProperty("operator", out var name) || name.ValueKind != JsonValueKind.String || !Operators.Contains(name.GetString()!))
        {
            return new ExpressionException("condition_syntax", $"The operator is one of {string.Join(", ", Operators)}.", field + "/operator");
        }

        return !condition.TryGetProperty("left", out _) ? new ExpressionException("condition_syntax", "The left side is missing.", field + "/left")
            : !condition.TryGetProperty("right", out var right) && !WithoutRight.Contains(name.GetString()!) ? new ExpressionException("condition_syntax", "The right side is missing.", field + "/right")
            : name.ValueEquals("matches") && right.ValueKind == JsonValueKind.String && !right.GetString()!.Contains("{{", StringComparison.Ordinal) ? PatternFault(right.GetString()!, field + "/right")
            : null;
    }

    private static ExpressionException? PatternFault(string pattern, string field)
    {
        try
        {
            Patterns.Compile(pattern, ignoreCase: false);
            return null;
        }
        catch (ExpressionException wrong)
        {
            return new ExpressionException(wrong.Code, wrong.Message, field);
        }
    }

    private static (string Name, JsonElement Value)? Group(JsonElement condition, out bool all)
    {
        all = condition.TryGetProperty("all"u8, out var value);
        return all ? ("all", value) : condition.TryGetProperty("any"u8, out value) ? ("any", value) : null;
    }

    private static bool Holds(JsonElement condition, int depth, ref int left)
    {
        if (--left < 0 || depth > ExpressionLimits.ConditionDepth + 1)
        {
            throw TooMuch(null);
        }

        if (condition.ValueKind != JsonValueKind.Object)
        {
            throw Shape(null);
        }

        if (Group(condition, out var all) is not { } group)
        {
            return Compare(condition);
        }

        if (group.Value.ValueKind != JsonValueKind.Array)
        {
            throw Shape(null);
        }

        foreach (var inner in group.Value.EnumerateArray())
        {
            if (Holds(inner, depth + 1, ref left) != all)
            {
                return !all;
            }
        }

        return all;
    }

    private static bool Compare(JsonElement condition)
    {
        if (!condition.TryGetProperty("operator"u8, out var name) || name.ValueKind != JsonValueKind.String)
        {
            throw Shape(null);
        }

        var left = condition.TryGetProperty("left"u8, out var l) ? ExpressionValue.Of(l) : default;
        var right = condition.TryGetProperty("right"u8, out var r) ? ExpressionValue.Of(r) : default;
        var ignoreCase = condition.TryGetProperty("ignoreCase"u8, out var ignore) && ignore.ValueKind == JsonValueKind.True;
        return Apply(name.GetString()!, left, right, ignoreCase);
    }

    private static bool Apply(string name, ExpressionValue left, ExpressionValue right, bool ignoreCase) => name switch
    {
        "equals" => Comparison.AreEqual(left, right, ignoreCase),
        "not_equals" => !Comparison.AreEqual(left, right, ignoreCase),
        "greater" => Comparison.Order(left, right, ignoreCase) > 0,
        "greater_or_equal" => Comparison.Order(left, right, ignoreCase) >= 0,
        "less" => Comparison.Order(left, right, ignoreCase) < 0,
        "less_or_equal" => Comparison.Order(left, right, ignoreCase) <= 0,
        "contains" => Comparison.Contains(left, right, ignoreCase),
        "not_contains" => !Comparison.Contains(left, right, ignoreCase),
        "starts_with" => Text(left, name).StartsWith(Text(right, name), Letters(ignoreCase)),
        "ends_with" => Text(left, name).EndsWith(Text(right, name), Letters(ignoreCase)),
        "matches" => Patterns.Matches(Text(left, name), Text(right, name), ignoreCase),
        "is_empty" => IsEmpty(left),
        "is_not_empty" => !IsEmpty(left),
        "exists" => left.Exists,
        "not_exists" => !left.Exists,
        "is_true" => IsTrue(left, name),
        "is_false" => left.Exists && !IsTrue(left, name),
        "in" => Comparison.Contains(List(right, name), left, ignoreCase),
        "not_in" => !Comparison.Contains(List(right, name), left, ignoreCase),
        "before" => Time(left, name) < Time(right, name),
        "after" => Time(left, name) > Time(right, name),
        _ => throw new ExpressionException("condition_syntax", $"There is no operator \"{(name.Length > 40 ? name[..40] : name)}\". Use one of {string.Join(", ", Operators)}."),
    };

    private static StringComparison Letters(bool ignoreCase) => ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    private static bool IsEmpty(ExpressionValue value) => value.Type switch
    {
        ValueType.Null => true,
        ValueType.Text => value.Text.Length == 0,
        ValueType.List => value.Element.GetArrayLength() == 0,
        ValueType.Object => value.Element.GetPropertyCount() == 0,
        _ => false,
    };

    private static bool IsTrue(ExpressionValue value, string name) =>
        value.Type is ValueType.Boolean or ValueType.Null ? value.Boolean : throw Wrong(name, "true or false", value);

    private static string Text(ExpressionValue value, string name) => value.Type == ValueType.Text ? value.Text : throw Wrong(name, "texts", value);

    private static ExpressionValue List(ExpressionValue value, string name) => value.Type == ValueType.List ? value : throw Wrong(name, "a list on its right side", value);

    private static DateTimeOffset Time(ExpressionValue value, string name) =>
        value.Type == ValueType.Text && Times.TryParse(value.Text, out var time) ? time : throw Wrong(name, "times such as 2026-03-01 or 2026-03-01T09:30:00Z", value);

    private static ExpressionException Wrong(string name, string wanted, ExpressionValue value) =>
        new("condition_type", $"\"{name}\" takes {wanted}, and was given {Comparison.Shown(value)}.");

    private static ExpressionException Shape(string? field) =>
        new("condition_syntax", "A condition is {\"left\", \"operator\", \"right\"}, or a group {\"all\": [...]} or {\"any\": [...]}.", field);

    private static ExpressionException TooMuch(string? field) =>
        new("condition_too_large", $"Groups of conditions are nested at most {ExpressionLimits.ConditionDepth} deep, with {ExpressionLimits.Conditions} conditions in all.", field);
}

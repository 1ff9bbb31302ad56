using AgentLab.Core.Workflows.Expressions.Conditions;

namespace AgentLab.Core.Workflows.Expressions.Templates;

/// <summary>Comparing and choosing; the comparisons are those of conditions.</summary>
internal static class ComparisonHelpers
{
    public static IReadOnlyList<TemplateHelper> All { get; } =
    [
        new("eq", "eq a b", "whether the two are equal", 2, 2, (a, _) => ExpressionValue.Of(Comparison.AreEqual(a[0], a[1]))),
        new("ne", "ne a b", "whether the two differ", 2, 2, (a, _) => ExpressionValue.Of(!Comparison.AreEqual(a[0], a[1]))),
        new("gt", "gt a b", "whether a is greater", 2, 2, (a, _) => ExpressionValue.Of(Comparison.Order(a[0], a[1]) > 0)),
        new("gte", "gte a b", "whether a is greater or equal", 2, 2, (a, _) => ExpressionValue.Of(Comparison.Order(a[0], a[1]) >= 0)),
        new("lt", "lt a b", "whether a is less", 2, 2, (a, _) => ExpressionValue.Of(Comparison.Order(a[0], a[1]) < 0)),
        new("lte", "lte a b", "whether a is less or equal", 2, 2, (a, _) => ExpressionValue.Of(Comparison.Order(a[0], a[1]) <= 0)),
        new("and", "and a b …", "whether all are true", 2, 20, (a, _) => ExpressionValue.Of(a.All(v => v.IsTrue))),
        new("or", "or a b …", "whether one is true", 2, 20, (a, _) => ExpressionValue.Of(a.Any(v => v.IsTrue))),
        new("not", "not a", "whether it is not true", 1, 1, (a, _) => ExpressionValue.Of(!a[0].IsTrue)),
        new("default", "default a b …", "the first that is there and no empty text", 2, 20, (a, _) => a.FirstOrDefault(v => v is { Exists: true } and not { Type: ValueType.Text, Text: "" })),
        new("choose", "choose condition a b", "a when the condition is true, else b", 3, 3, (a, _) => a[0].IsTrue ? a[1] : a[2]),
    ];
}

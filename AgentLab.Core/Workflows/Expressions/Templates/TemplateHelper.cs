namespace AgentLab.Core.Workflows.Expressions.Templates;

/// <summary>A function of templates: the same values always give the same result, and it can reach nothing but them.</summary>
/// <param name="Name">How it is called.</param>
/// <param name="Usage">How it is written, such as <c>join list separator</c>.</param>
/// <param name="Summary">What it gives, for people.</param>
/// <param name="Least">Fewest arguments.</param>
/// <param name="Most">Most arguments.</param>
/// <param name="Run">What it does.</param>
internal sealed record TemplateHelper(string Name, string Usage, string Summary, int Least, int Most, Func<ExpressionValue[], WorkBudget, ExpressionValue> Run);

/// <summary>All helpers.</summary>
internal static class TemplateHelpers
{
    /// <summary>All, in the order in which the documentation lists them.</summary>
    public static IReadOnlyList<TemplateHelper> All { get; } =
        [.. ComparisonHelpers.All, .. TextHelpers.All, .. ListHelpers.All, .. NumberHelpers.All, .. DateHelpers.All];

    private static readonly Dictionary<string, TemplateHelper> ByName = All.ToDictionary(h => h.Name, StringComparer.Ordinal);

    public static TemplateHelper? Find(string name) => ByName.GetValueOrDefault(name);

    public static string Text(ExpressionValue value, string helper) => value.Type switch
    {
        ValueType.Text => value.Text,
        ValueType.Null => string.Empty,
        ValueType.Number or ValueType.Boolean => value.ToString(),
        _ => throw Wrong(helper, "a text", value),
    };

    public static decimal Number(ExpressionValue value, string helper) => value.TryNumber(out var number) ? number : throw Wrong(helper, "a number", value);

    public static int Whole(ExpressionValue value, string helper) =>
        Number(value, helper) is var number && decimal.IsInteger(number) && Math.Abs(number) <= 1_000_000 ? (int)number : throw Wrong(helper, "a whole number of at most a million", value);

    public static ExpressionException Wrong(string helper, string wanted, ExpressionValue value) =>
        new("template_type", $"{helper} takes {wanted}, and was given {ExpressionValue.Name(value.Type)}.");
}

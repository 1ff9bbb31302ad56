namespace AgentLab.Web.Features.Workflows.Forms;

/// <summary>The operators of conditions in words, in the order in which forms offer them.</summary>
internal static class ConditionWords
{
    public static IReadOnlyList<(string Operator, string Word, bool TakesRight)> All { get; } =
    [
        ("equals", "is", true), ("not_equals", "is not", true), ("greater", "is greater than", true), ("greater_or_equal", "is at least", true), ("less", "is less than", true),
        ("less_or_equal", "is at most", true), ("contains", "contains", true), ("not_contains", "does not contain", true), ("starts_with", "starts with", true),
        ("ends_with", "ends with", true), ("matches", "matches the pattern", true), ("is_empty", "is empty", false), ("is_not_empty", "is not empty", false),
        ("exists", "is there", false), ("not_exists", "is not there", false), ("is_true", "is true", false), ("is_false", "is false", false), ("in", "is one of", true),
        ("not_in", "is none of", true), ("before", "is before", true), ("after", "is after", true),
    ];

    /// <summary>Whether the operator compares with something.</summary>
    public static bool TakesRight(string name) => All.FirstOrDefault(entry => entry.Operator == name) is not { Operator: not null, TakesRight: false };
}

using System.Text;
using System.Text.Json;

namespace AgentLab.Core.Workflows.Expressions.Templates;

/// <summary>Texts.</summary>
internal static class TextHelpers
{
    public static IReadOnlyList<TemplateHelper> All { get; } =
    [
        new("json", "json value", "the value as JSON", 1, 1, (a, _) => ExpressionValue.Of(Json(a[0]))),
        new("parse", "parse text", "the JSON value that a text holds", 1, 1, (a, _) => Parse(a[0])),
        new("upper", "upper text", "in capitals", 1, 1, (a, _) => ExpressionValue.Of(Text(a[0], "upper").ToUpperInvariant())),
        new("lower", "lower text", "in small letters", 1, 1, (a, _) => ExpressionValue.Of(Text(a[0], "lower").ToLowerInvariant())),
        new("capitalize", "capitalize text", "the first letter as a capital", 1, 1, (a, _) => Capitalize(Text(a[0], "capitalize"))),
        new("trim", "trim text", "without blanks at both ends", 1, 1, (a, _) => ExpressionValue.Of(Text(a[0], "trim").Trim())),
        new("text", "text value", "the value as a text", 1, 1, (a, _) => ExpressionValue.Of(a[0].ToString())),
        new("concat", "concat a b …", "the texts one after the other", 1, 20, Concat),
        new("replace", "replace text old new", "every occurrence replaced", 3, 3, Replace),
        new("contains", "contains text part", "whether a text has the part, or a list the value", 2, 2, Contains),
        new("startsWith", "startsWith text part", "whether the text begins so", 2, 2, (a, _) => ExpressionValue.Of(Text(a[0], "startsWith").StartsWith(Text(a[1], "startsWith"), StringComparison.Ordinal))),
        new("endsWith", "endsWith text part", "whether the text ends so", 2, 2, (a, _) => ExpressionValue.Of(Text(a[0], "endsWith").EndsWith(Text(a[1], "endsWith"), StringComparison.Ordinal))),
        new("truncate", "truncate text length", "at most so many characters, with … when it was longer", 2, 2, (a, _) => Truncate(Text(a[0], "truncate"), TemplateHelpers.Whole(a[1], "truncate"))),
        new("split", "split text separator", "the parts as a list", 2, 2, Split),
        new("urlEncode", "urlEncode text", "fit for a part of an address", 1, 1, (a, _) => ExpressionValue.Of(Uri.EscapeDataString(Text(a[0], "urlEncode")))),
    ];

    private static string Text(ExpressionValue value, string helper) => TemplateHelpers.Text(value, helper);

    private static string Json(ExpressionValue value) => value.ToJson() is { ValueKind: not JsonValueKind.Undefined } json ? json.GetRawText() : "null";

    private static ExpressionValue Parse(ExpressionValue value)
    {
        try
        {
            return value.Type == ValueType.Null ? value : ExpressionValue.Of(JsonElement.Parse(Text(value, "parse"), new JsonDocumentOptions { MaxDepth = ExpressionLimits.JsonDepth }));
        }
        catch (JsonException)
        {
            throw new ExpressionException("template_type", "parse was given a text that is not JSON.");
        }
    }

    private static ExpressionValue Capitalize(string text) => ExpressionValue.Of(text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..]);

    private static ExpressionValue Concat(ExpressionValue[] values, WorkBudget budget)
    {
        var text = new StringBuilder();
        foreach (var value in values)
        {
            text.Append(Text(value, "concat"));
        }

        budget.Spend(text.Length);
        return Bounded(text);
    }

    private static ExpressionValue Replace(ExpressionValue[] values, WorkBudget budget)
    {
        var (text, old, with) = (Text(values[0], "replace"), Text(values[1], "replace"), Text(values[2], "replace"));
        if (old.Length == 0)
        {
            return ExpressionValue.Of(text);
        }

        var longest = with.Length <= old.Length ? text.Length : (long)text.Length / old.Length * with.Length;
        budget.Spend(longest);
        return longest > ExpressionLimits.OutputBytes * 4L ? throw TooLarge("replace") : Bounded(new StringBuilder(text.Replace(old, with, StringComparison.Ordinal)));
    }

    private static ExpressionValue Contains(ExpressionValue[] values, WorkBudget budget) => ExpressionValue.Of(Conditions.Comparison.Contains(values[0], values[1], ignoreCase: false));

    private static ExpressionValue Truncate(string text, int length)
    {
        if (length < 0 || text.Length <= length)
        {
            return ExpressionValue.Of(text);
        }

        var end = length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        return ExpressionValue.Of(text[..end] + "…");
    }

    private static ExpressionValue Split(ExpressionValue[] values, WorkBudget budget)
    {
        var (text, separator) = (Text(values[0], "split"), Text(values[1], "split"));
        var parts = separator.Length == 0 ? [text] : text.Split(separator);
        budget.Spend(parts.Length * 32L);
        return ExpressionValue.Of(JsonOutput.Build(parts, static (writer, them) =>
        {
            writer.WriteStartArray();
            foreach (var part in them)
            {
                writer.WriteStringValue(part);
            }

            writer.WriteEndArray();
        }));
    }

    internal static ExpressionValue Bounded(StringBuilder text) =>
        text.Length <= ExpressionLimits.OutputBytes ? ExpressionValue.Of(text.ToString()) : throw TooLarge("The text");

    internal static ExpressionException TooLarge(string what) => new("template_too_large", $"{what} gives more than {ExpressionLimits.OutputBytes / 1024 / 1024} MB.");
}

using System.Text.RegularExpressions;

namespace AgentLab.Core.Models.Rehearsal;

/// <summary>Arithmetic in the question, in signs or in words: work it out with the calculator.</summary>
internal static partial class ArithmeticPlanner
{
    public const string Tool = "calculator";
    private const int MostExpressions = 4;

    private static readonly (Regex Words, string Sign)[] Spoken =
    [
        (PercentOf(), "$1 / 100 * $2"),
        (SquareRoot(), "sqrt($1)"),
        (Squared(), "$1 ^ 2"),
        (Cubed(), "$1 ^ 3"),
        (Power(), " ^ "),
        (Times(), " * "),
        (Divided(), " / "),
        (Plus(), " + "),
        (Minus(), " - "),
    ];

    public static IEnumerable<PlannedCall> Plan(RehearsalTurn turn) => turn.Has(Tool)
        ? Expressions(turn.Question).Take(MostExpressions).Select(e => new PlannedCall(Tool, new() { ["expression"] = e }))
        : [];

    /// <summary>Every expression in the text, written as the calculator takes it.</summary>
    public static IEnumerable<string> Expressions(string text)
    {
        // Dates and addresses are full of signs that mean nothing here.
        var plain = Dates().Replace(PagePlanner.Without(text), " ; ");
        plain = Thousands().Replace(plain, "").Replace('×', '*').Replace('÷', '/').Replace('−', '-').Replace("**", "^", StringComparison.Ordinal);
        plain = CurrencySigns().Replace(plain, "");
        foreach (var (words, sign) in Spoken)
        {
            plain = words.Replace(plain, sign);
        }

        return Expression().Matches(plain).Select(m => Tidy(m.Value)).Where(e => IsWorthIt(e) && (AsksForResult().IsMatch(text) || !Range().IsMatch(e))).Distinct();
    }

    private static string Tidy(string expression)
    {
        var text = Spaces().Replace(expression, " ").Trim().TrimEnd('.', ',', '+', '-', '*', '/', '^', '%', ' ');
        return Balance(text);
    }

    /// <summary>Drops the parentheses that belong to the sentence round the expression.</summary>
    private static string Balance(string text)
    {
        while (text.Count(c => c == '(') > text.Count(c => c == ')') && text.StartsWith('('))
        {
            text = text[1..].TrimStart();
        }

        while (text.Count(c => c == ')') > text.Count(c => c == '(') && text.EndsWith(')'))
        {
            text = text[..^1].TrimEnd();
        }

        return text;
    }

    private static bool IsWorthIt(string expression) =>
        expression.Any(char.IsAsciiDigit)
        && expression.Count(c => c == '(') == expression.Count(c => c == ')')
        && (Operation().IsMatch(expression) || expression.Contains("sqrt", StringComparison.Ordinal));

    [GeneratedRegex(@"(?:sqrt|abs|round|floor|ceil|min|max|pi\b|[-(]|\d|\.\d)(?:sqrt|abs|round|floor|ceil|min|max|pi\b|\d+(?:\.\d+)?|[\s()+*/^%,-])*", RegexOptions.IgnoreCase)]
    private static partial Regex Expression();

    // "3-5 days" is no subtraction unless a result is asked for.
    [GeneratedRegex(@"^\d+\s?-\s?\d+$")]
    private static partial Regex Range();

    [GeneratedRegex(@"=|\b(what is|what's|calculate|compute|work out|how much is|evaluate|result)\b|^[\s\d+*/().-]+$", RegexOptions.IgnoreCase)]
    private static partial Regex AsksForResult();

    [GeneratedRegex(@"[\d)]\s*[-+*/^%]\s*[-(\d.sarfcmp]")]
    private static partial Regex Operation();

    [GeneratedRegex(@"\d{4}-\d{1,2}(-\d{1,2})?|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}:\d{2}")]
    private static partial Regex Dates();

    [GeneratedRegex(@"(?<=\d),(?=\d{3}(\D|$))")]
    private static partial Regex Thousands();

    [GeneratedRegex(@"[$€£](?=\d)")]
    private static partial Regex CurrencySigns();

    [GeneratedRegex(@"(\d+(?:\.\d+)?)\s*(?:%|percent|per cent)\s+of\s+(\d+(?:\.\d+)?)", RegexOptions.IgnoreCase)]
    private static partial Regex PercentOf();

    [GeneratedRegex(@"\bsquare root of\s+(\d+(?:\.\d+)?)", RegexOptions.IgnoreCase)]
    private static partial Regex SquareRoot();

    [GeneratedRegex(@"(\d+(?:\.\d+)?)\s+squared\b", RegexOptions.IgnoreCase)]
    private static partial Regex Squared();

    [GeneratedRegex(@"(\d+(?:\.\d+)?)\s+cubed\b", RegexOptions.IgnoreCase)]
    private static partial Regex Cubed();

    [GeneratedRegex(@"(?<=[\d)]\s*)\b(?:to the power of|raised to)\b(?=\s*[\d(])", RegexOptions.IgnoreCase)]
    private static partial Regex Power();

    [GeneratedRegex(@"(?<=[\d)]\s*)(?:\btimes\b|\bmultiplied by\b|(?<=\s)x(?=\s)|(?<=\d)x(?=\d))(?=\s*[-\d(])", RegexOptions.IgnoreCase)]
    private static partial Regex Times();

    [GeneratedRegex(@"(?<=[\d)]\s*)\b(?:divided by|over)\b(?=\s*[-\d(])", RegexOptions.IgnoreCase)]
    private static partial Regex Divided();

    [GeneratedRegex(@"(?<=[\d)]\s*)\bplus\b(?=\s*[-\d(])", RegexOptions.IgnoreCase)]
    private static partial Regex Plus();

    [GeneratedRegex(@"(?<=[\d)]\s*)\bminus\b(?=\s*[-\d(])", RegexOptions.IgnoreCase)]
    private static partial Regex Minus();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentLab.Core.Workflows.Builder.Phrases;

/// <summary>Reads conditions: "the total is over 100 and the country is DE".</summary>
internal static partial class ConditionPhrase
{
    private static readonly (Regex Form, string Operator)[] Forms =
    [
        (Compared("(?:is |are |was |has )?(?:not|isn't|aren't|is not|are not|does not equal|doesn't equal|differs from|!=|<>)(?: equal(?: to)?)?"), "not_equals"),
        (Compared("(?:is |are |was |has |has been )?(?:at least|no less than|>=|≥)|is greater than or equal to"), "greater_or_equal"),
        (Compared("(?:is |are |was |has )?(?:at most|no more than|up to|<=|≤)|is less than or equal to"), "less_or_equal"),
        (Compared("(?:is |are |was |has |costs? )?(?:greater than|more than|larger than|bigger than|higher than|over|above|exceeds|exceeding|>)"), "greater"),
        (Compared("(?:is |are |was |has |costs? )?(?:less than|lower than|smaller than|fewer than|below|under|<)"), "less"),
        (Compared("(?:does not|doesn't|do not|don't) contain|(?:does not|doesn't) include"), "not_contains"),
        (Compared("contains?|includes?|mentions?"), "contains"),
        (Compared("(?:starts?|begins?) with"), "starts_with"),
        (Compared("ends? with"), "ends_with"),
        (Compared("(?:is |was )?(?:before|earlier than|older than)"), "before"),
        (Compared("(?:is |was )?(?:after|later than|newer than)"), "after"),
        (Alone("(?:is|are) (?:not empty|filled in|filled)|isn't empty"), "is_not_empty"),
        (Alone("(?:is|are) empty|is blank|has no value"), "is_empty"),
        (Alone("(?:is|are) missing|does not exist|doesn't exist|is not there|is unknown"), "not_exists"),
        (Alone("exists?|is there|is present|is known"), "exists"),
        (Alone("(?:is|are) true|is set"), "is_true"),
        (Alone("(?:is|are) false"), "is_false"),
        (Compared("equals?|is equal to|==|=|is exactly|are exactly"), "equals"),
    ];

    /// <summary>The condition as data; null when the words are none.</summary>
    /// <param name="words">The words.</param>
    /// <param name="fields">Where fields are: <c>data</c>, <c>data.body</c>, <c>item</c>.</param>
    public static Dictionary<string, object?>? Read(string words, string fields)
    {
        var text = words.Trim().TrimEnd('.', ',', ';', '?').Trim();
        foreach (var (separator, group) in new[] { (Or(), "any"), (And(), "all") })
        {
            var parts = separator.Split(text);
            if (parts.Length is < 2 or > 10)
            {
                continue;
            }

            var conditions = ReadEach(parts, fields);
            if (conditions is not null)
            {
                return new() { [group] = conditions };
            }
        }

        return One(text, fields);
    }

    /// <summary>A field as a template.</summary>
    public static string Reference(string noun, string fields)
    {
        if (noun.StartsWith("{{", StringComparison.Ordinal))
        {
            return noun;
        }

        var whole = PhraseText.Noun(noun);
        var place = fields == "input" ? "data" : fields;
        if (AnswerWords().IsMatch(whole))
        {
            return $"{{{{{place}}}}}";
        }

        // "the status of the order" is the order's status.
        var of = Of().Match(whole);
        var field = PhraseText.Field(of.Success ? of.Groups[1].Value : Possessive().Replace(whole, string.Empty));
        return field.Length == 0 ? $"{{{{{place}}}}}" : $"{{{{{fields}.{field}}}}}";
    }

    private static List<object?>? ReadEach(string[] parts, string fields)
    {
        var conditions = new List<object?>();
        string? subject = null;
        foreach (var part in parts)
        {
            // "is late or is cancelled": the second half speaks of the same thing.
            var one = One(part, fields) ?? (subject is null ? null : One($"{subject} {part}", fields));
            if (one is null)
            {
                return null;
            }

            subject = Subject().Match(part) is { Success: true } match ? match.Groups[1].Value : subject;
            conditions.Add(one);
        }

        return conditions;
    }

    private static Dictionary<string, object?>? One(string text, string fields)
    {
        foreach (var (form, name) in Forms)
        {
            if (form.Match(text.Trim()) is { Success: true } match && PhraseText.HasWords(match.Groups["left"].Value))
            {
                var condition = new Dictionary<string, object?> { ["left"] = Reference(match.Groups["left"].Value, fields), ["operator"] = name };
                if (match.Groups["right"] is { Success: true } right)
                {
                    condition["right"] = Value(right.Value);
                }

                return condition;
            }
        }

        if (Is().Match(text.Trim()) is not { Success: true } state || !PhraseText.HasWords(state.Groups["left"].Value))
        {
            return null;
        }

        var value = state.Groups["right"].Value.Trim();
        var negated = state.Groups["not"].Success;
        if (!negated && !States().IsMatch(value) && AnswerWords().IsMatch(PhraseText.Noun(state.Groups["left"].Value)) && Value(value) is string said)
        {
            // A model's answer begins with the word at best: "No, because …".
            return new() { ["left"] = Reference(state.Groups["left"].Value, fields), ["operator"] = "starts_with", ["right"] = said, ["ignoreCase"] = true };
        }

        return IsState(state.Groups["left"].Value, value)
            ? new() { ["left"] = Reference(value, fields), ["operator"] = negated ? "is_false" : "is_true" }
            : new() { ["left"] = Reference(state.Groups["left"].Value, fields), ["operator"] = negated ? "not_equals" : "equals", ["right"] = Value(value) };
    }

    /// <summary>"the order is late": a thing in a state, which is a field of the thing. "the status is late": a field with a value.</summary>
    private static bool IsState(string left, string value) =>
        States().IsMatch(value) && (PhraseText.Noun(left).Equals("it", StringComparison.OrdinalIgnoreCase) || !FieldWords().IsMatch(PhraseText.Noun(left)));

    private static object Value(string text)
    {
        var value = PhraseText.Noun(text).Trim();
        if (value.Length >= 2 && ((value[0] == '"' && value[^1] == '"') || (value[0] == '“' && value[^1] == '”') || (value[0] == '\'' && value[^1] == '\'')))
        {
            return value[1..^1];
        }

        var number = Number().Match(value);
        return number.Success && decimal.TryParse(number.Groups[1].Value.Replace(",", string.Empty, StringComparison.Ordinal), NumberStyles.Number, CultureInfo.InvariantCulture, out var figure)
            ? figure
            : value.Equals("true", StringComparison.OrdinalIgnoreCase) ? true
            : value.Equals("false", StringComparison.OrdinalIgnoreCase) ? false
            : value;
    }

    private static Regex Compared(string words) =>
        new($@"^(?<left>.{{1,200}}?)\s*(?:\b|(?<=\s)|(?=[<>=!≥≤]))(?:{words})(?:\b|(?<=[<>=≥≤]))\s*(?<right>\S.{{0,200}})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static Regex Alone(string words) =>
        new($@"^(?<left>.{{1,200}}?)\s+(?:{words})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"^(?<left>.{1,200}?)\s+(?:is|are|was|has been|have been|says?|reads?)(?<not>\s+not|n't)?\s+(?<right>\S.{0,200})$", RegexOptions.IgnoreCase)]
    private static partial Regex Is();

    [GeneratedRegex(@"^(.{1,80}?)\s+(?:is|are|was|has|contains)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Subject();

    [GeneratedRegex(@"\s+or\s+(?!equal)", RegexOptions.IgnoreCase)]
    private static partial Regex Or();

    [GeneratedRegex(@"\s+and\s+", RegexOptions.IgnoreCase)]
    private static partial Regex And();

    [GeneratedRegex(@"^(?:it|answer|reply|result|text|response|value|data|message text)$", RegexOptions.IgnoreCase)]
    private static partial Regex AnswerWords();

    [GeneratedRegex(@"^(.{1,80}?)\s+of\s+.{1,80}$", RegexOptions.IgnoreCase)]
    private static partial Regex Of();

    [GeneratedRegex(@"^.{1,80}?['’]s\s+", RegexOptions.IgnoreCase)]
    private static partial Regex Possessive();

    [GeneratedRegex(@"^(?:very |too |already |still )?(?:late|overdue|urgent|delayed|paid|unpaid|open|closed|cancelled|canceled|delivered|shipped|active|inactive|new|blocked|approved|rejected|complete|completed|done|important|spam|valid|invalid|expired|damaged|lost|broken|confirmed|finished|failed|available|sold|ready|resolved|free|premium|returned|refunded)$", RegexOptions.IgnoreCase)]
    private static partial Regex States();

    [GeneratedRegex(@"\b(?:status|state|type|category|kind|region|country|priority|level|answer|reply|result|text|it|stage|role|name|decision|mood|label|topic)$", RegexOptions.IgnoreCase)]
    private static partial Regex FieldWords();

    [GeneratedRegex(@"^[€$£]?\s*(-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?)\s*(?:€|\$|£|%|euros?|dollars?|eur|usd|days?|hours?|items?|pieces?|points?|orders?)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Number();
}

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentLab.Core.Workflows.Expressions.JsonPaths;

/// <summary>Reads a path by recursive descent.</summary>
internal sealed class JsonPathParser(string text)
{
    private const int MaxSegments = 100;

    private int _at;
    private int _depth;

    public PathQuery Parse()
    {
        if (Peek() != '$')
        {
            throw Fault("a path begins with $", "Write it like $.items[0].name");
        }

        var query = Query();
        return _at == text.Length ? query : throw Fault($"\"{text[_at]}\" is not expected", "Go on with .name, [\"name\"], [0] or [?@.price > 10]");
    }

    private PathQuery Query()
    {
        if (++_depth > ExpressionLimits.Depth)
        {
            throw Fault("filters are nested too deep", $"Use at most {ExpressionLimits.Depth} levels");
        }

        var fromRoot = text[_at++] == '$';
        var segments = new List<QuerySegment>();
        while (true)
        {
            var start = _at;
            Blanks();
            if (Peek() == '.' && Peek(1) == '.')
            {
                _at += 2;
                segments.Add(new QuerySegment(true, Peek() == '[' ? Bracketed() : [Shorthand()]));
            }
            else if (Peek() == '.')
            {
                _at++;
                segments.Add(new QuerySegment(false, [Shorthand()]));
            }
            else if (Peek() == '[')
            {
                segments.Add(new QuerySegment(false, Bracketed()));
            }
            else
            {
                _at = start;
                _depth--;
                return segments.Count <= MaxSegments ? new PathQuery(fromRoot, segments) : throw Fault("the path has too many parts", $"Use at most {MaxSegments}");
            }
        }
    }

    private QuerySelector Shorthand()
    {
        if (Peek() == '*')
        {
            _at++;
            return new WildcardSelector();
        }

        var start = _at;
        while (_at < text.Length && (char.IsLetter(text[_at]) || text[_at] == '_' || text[_at] >= 0x80 || (_at > start && char.IsAsciiDigit(text[_at]))))
        {
            _at++;
        }

        return _at > start ? new NameSelector(text[start.._at]) : throw Fault("a name is missing", "Names with other characters are written [\"first name\"]");
    }

    private List<QuerySelector> Bracketed()
    {
        var selectors = new List<QuerySelector>();
        do
        {
            _at++;
            Blanks();
            selectors.Add(Selector());
            Blanks();
        }
        while (Peek() == ',');

        if (Peek() != ']' || selectors.Count > MaxSegments)
        {
            throw Fault("a [ is not closed", "Close it with ]");
        }

        _at++;
        return selectors;
    }

    private QuerySelector Selector()
    {
        switch (Peek())
        {
            case '*':
                _at++;
                return new WildcardSelector();
            case '"' or '\'':
                return new NameSelector(Quoted());
            case '?':
                _at++;
                return new FilterSelector(Any());
            default:
                return IndexOrSlice();
        }
    }

    private QuerySelector IndexOrSlice()
    {
        var start = Whole();
        Blanks();
        if (Peek() != ':')
        {
            return start is { } index ? new IndexSelector(index) : throw Fault("a selector is missing", "Write a number, a name in quotes, *, 1:3 or ?@.price > 10");
        }

        _at++;
        Blanks();
        var end = Whole();
        Blanks();
        long? step = null;
        if (Peek() == ':')
        {
            _at++;
            Blanks();
            step = Whole();
        }

        return new SliceSelector(start, end, step ?? 1);
    }

    private long? Whole()
    {
        var start = _at;
        _at += Peek() == '-' ? 1 : 0;
        while (char.IsAsciiDigit(Peek()))
        {
            _at++;
        }

        var digits = text.AsSpan(start, _at - start);
        if (digits.Length == 0)
        {
            return null;
        }

        // As the RFC: no leading zeros, no -0, and nothing beyond what doubles hold exactly.
        var isWhole = long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && Math.Abs(number) <= 9007199254740991 && digits.SequenceEqual(number.ToString(CultureInfo.InvariantCulture));
        return isWhole ? number : throw Fault($"\"{digits}\" is not a whole number", "Write it without zeros in front");
    }

    private string Quoted()
    {
        var quote = text[_at];
        var start = ++_at;
        var json = new StringBuilder("\"");
        while (Peek() != quote || _at >= text.Length)
        {
            if (_at >= text.Length)
            {
                throw Fault("a text in quotes has no end", "Close the quotes");
            }

            // The rules of escapes are those of JSON, but that either quote may stand for itself inside the other.
            if (text[_at] == '\\' && _at + 1 < text.Length)
            {
                json.Append(text[_at + 1] == '\'' ? "'" : text.Substring(_at, 2));
                _at += 2;
            }
            else
            {
                json.Append(text[_at] == '"' ? "\\\"" : text[_at].ToString());
                _at++;
            }
        }

        _at++;
        try
        {
            return JsonElement.Parse(json.Append('"').ToString()).GetString()!;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or ArgumentException)
        {
            _at = start;
            throw Fault("the text in quotes is not right", "Escapes are those of JSON");
        }
    }

    private PathFilter Any()
    {
        if (++_depth > ExpressionLimits.Depth)
        {
            throw Fault("filters are nested too deep", $"Use at most {ExpressionLimits.Depth} levels");
        }

        var parts = new List<PathFilter> { All() };
        while (Taken("||"))
        {
            parts.Add(All());
        }

        _depth--;
        return parts.Count == 1 ? parts[0] : new AnyFilter(parts);
    }

    private PathFilter All()
    {
        var parts = new List<PathFilter> { Basic() };
        while (Taken("&&"))
        {
            parts.Add(Basic());
        }

        return parts.Count == 1 ? parts[0] : new AllFilter(parts);
    }

    private PathFilter Basic()
    {
        Blanks();
        var negated = false;
        while (Peek() == '!' && Peek(1) != '=')
        {
            negated = !negated;
            _at++;
            Blanks();
        }

        PathFilter filter;
        if (Peek() == '(')
        {
            _at++;
            filter = Any();
            Blanks();
            if (Peek() != ')')
            {
                throw Fault("a parenthesis is not closed", "Close it with )");
            }

            _at++;
        }
        else
        {
            filter = Comparing(negated);
        }

        return negated ? new NotFilter(filter) : filter;
    }

    private PathFilter Comparing(bool negated)
    {
        var left = Operand();
        Blanks();
        foreach (var name in (ReadOnlySpan<string>)["==", "!=", "<=", ">=", "<", ">"])
        {
            if (!text.AsSpan(_at).StartsWith(name))
            {
                continue;
            }

            _at += name.Length;
            Blanks();
            var right = Operand();
            return !negated && IsComparable(left) && IsComparable(right)
                ? new CompareFilter(left, name, right)
                : throw Fault("a comparison takes single values", "Put ! before parentheses, and compare names, indices, literals, length() or count()");
        }

        return left is QueryOperand query ? new ExistsFilter(query.Query) : throw Fault("a filter compares, or asks whether a path is there", "Write it like ?@.price > 10 or ?@.price");
    }

    private static bool IsComparable(PathOperand operand) => operand is not QueryOperand { Query.IsSingular: false };

    private PathOperand Operand()
    {
        var letter = Peek();
        if (letter is '@' or '$')
        {
            return new QueryOperand(Query());
        }

        if (letter is '"' or '\'')
        {
            return new LiteralOperand(JsonOutput.Text(Quoted()));
        }

        if (letter == '-' || char.IsAsciiDigit(letter))
        {
            return new LiteralOperand(Number());
        }

        var start = _at;
        while (char.IsAsciiLetter(Peek()) || Peek() == '_')
        {
            _at++;
        }

        return text[start.._at] switch
        {
            "true" => new LiteralOperand(JsonOutput.True),
            "false" => new LiteralOperand(JsonOutput.False),
            "null" => new LiteralOperand(JsonOutput.Null),
            "length" => Function(isCount: false),
            "count" => Function(isCount: true),
            _ => throw Fault("a value is missing", "Write @.name, a number, a text in quotes, true, false, null, length(…) or count(…)"),
        };
    }

    private PathOperand Function(bool isCount)
    {
        if (Peek() != '(')
        {
            throw Fault("a function takes its value in parentheses", "Write it like length(@.name)");
        }

        if (++_depth > ExpressionLimits.Depth)
        {
            throw Fault("filters are nested too deep", $"Use at most {ExpressionLimits.Depth} levels");
        }

        _at++;
        Blanks();
        var operand = Operand();
        Blanks();
        if (Peek() != ')')
        {
            throw Fault("a parenthesis is not closed", "Close it with )");
        }

        _at++;
        _depth--;
        return isCount
            ? operand is QueryOperand query ? new CountOperand(query.Query) : throw Fault("count takes a path", "Write it like count(@.items[*])")
            : IsComparable(operand) ? new LengthOperand(operand) : throw Fault("length takes a single value", "Use count for paths that find several");
    }

    private JsonElement Number()
    {
        var start = _at;
        while (char.IsAsciiLetterOrDigit(Peek()) || Peek() is '-' or '+' or '.')
        {
            _at++;
        }

        try
        {
            var number = JsonElement.Parse(text[start.._at]);
            return number.ValueKind == JsonValueKind.Number ? number : throw new JsonException();
        }
        catch (JsonException)
        {
            throw Fault($"\"{text[start.._at]}\" is not a number", "Write numbers as in JSON");
        }
    }

    private bool Taken(string sign)
    {
        Blanks();
        var taken = text.AsSpan(_at).StartsWith(sign);
        _at += taken ? sign.Length : 0;
        return taken;
    }

    private void Blanks()
    {
        while (Peek() is ' ' or '\t' or '\r' or '\n')
        {
            _at++;
        }
    }

    private char Peek(int ahead = 0) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private ExpressionException Fault(string what, string mend) => new("path_syntax", $"At character {_at + 1}: {what}. {mend}.");
}

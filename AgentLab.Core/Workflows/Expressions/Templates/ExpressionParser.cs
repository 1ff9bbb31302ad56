using System.Globalization;
using System.Text;

namespace AgentLab.Core.Workflows.Expressions.Templates;

/// <summary>Reads what stands inside one pair of braces: a path, a literal or a call.</summary>
internal sealed class ExpressionParser(Piece piece, IReadOnlyList<BlockNames> blocks, HashSet<string> nodes)
{
    private const string Roots = "input, data, nodes.ID, item, index or run";

    private readonly string _text = piece.Text;
    private int _at;

    /// <summary>The whole text as one expression: <c>path</c>, or <c>helper argument argument</c>.</summary>
    public TemplateExpression ParseAll()
    {
        var expression = CallOrValue(0);
        return AtEnd() ? expression : throw Fault($"\"{Rest()}\" follows where nothing may", "Write a path such as data.name, or a helper with its arguments");
    }

    /// <summary>The text as the head of a block.</summary>
    public (string Helper, TemplateExpression Subject, string? ItemName, string? IndexName) ParseBlock()
    {
        var helper = Word();
        if (helper is not ("if" or "unless" or "each" or "with"))
        {
            throw Fault($"there is no block \"{helper}\"", "Use #if, #unless, #each or #with");
        }

        var subject = Argument(0);
        var (item, index) = helper is "each" or "with" && !AtEnd() ? Names() : (null, null);
        return AtEnd() ? (helper, subject, item, index) : throw Fault($"\"{Rest()}\" follows where nothing may", $"#{helper} takes one value; put a call into parentheses: {{{{#if (gt data.count 3)}}}}");
    }

    private (string Item, string? Index) Names()
    {
        if (Word() != "as" || Next() != '|')
        {
            throw Fault("the block takes one value", "To name what it is about write: {{#each data.items as |item number|}}");
        }

        _at++;
        var item = Word();
        var index = Next() == '|' ? null : Word();
        if (item.Length == 0 || Next() != '|')
        {
            throw Fault("the names between | and | are not right", "Write one or two names: as |item number|");
        }

        _at++;
        return (item, index);
    }

    private TemplateExpression CallOrValue(int depth)
    {
        var start = _at;
        if (char.IsAsciiLetter(Next()))
        {
            var name = Word();
            if (TemplateHelpers.Find(name) is { } helper && Next() is not ('.' or '[' or ')' or '\0') && !Names(name))
            {
                return Call(helper, depth);
            }

            _at = start;
        }

        return Argument(depth);
    }

    private bool Names(string name) => blocks.Any(b => b.Item == name || b.Index == name);

    private CallExpression Call(TemplateHelper helper, int depth)
    {
        var arguments = new List<TemplateExpression>();
        while (!AtEnd() && Next() != ')')
        {
            arguments.Add(Argument(depth));
        }

        return arguments.Count >= helper.Least && arguments.Count <= helper.Most
            ? new CallExpression(helper, arguments)
            : throw Fault($"{helper.Name} was given {arguments.Count} values", $"It is written {helper.Usage}");
    }

    private TemplateExpression Argument(int depth)
    {
        if (depth > ExpressionLimits.Depth)
        {
            throw new ExpressionException("template_too_deep", $"Calls are nested deeper than {ExpressionLimits.Depth} levels. Prepare the value in a node before.");
        }

        var letter = Next();
        if (letter == '(')
        {
            _at++;
            var inner = CallOrValue(depth + 1);
            if (Next() != ')')
            {
                throw Fault("a parenthesis is not closed", "Close it with )");
            }

            _at++;
            return inner;
        }

        return letter switch
        {
            '"' or '\'' => new LiteralExpression(ExpressionValue.Of(Quoted())),
            '-' or (>= '0' and <= '9') => new LiteralExpression(ExpressionValue.Of(Number())),
            '\0' => throw Fault("a value is missing", "Write a path such as data.name, a number, or a text in quotes"),
            _ => PathOrWord(),
        };
    }

    private string Quoted()
    {
        var quote = _text[_at++];
        var text = new StringBuilder();
        while (_at < _text.Length && _text[_at] != quote)
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length)
            {
                _at++;
                text.Append(_text[_at] switch { 'n' => '\n', 't' => '\t', var other => other });
            }
            else
            {
                text.Append(_text[_at]);
            }

            _at++;
        }

        if (_at >= _text.Length)
        {
            throw Fault("a text in quotes has no end", "Close the quotes");
        }

        _at++;
        return text.ToString();
    }

    private decimal Number()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] is '-' or '.'))
        {
            _at++;
        }

        return decimal.TryParse(_text.AsSpan(start, _at - start), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Fault($"\"{_text[start.._at]}\" is not a number", "Write it like 12 or -3.5");
    }

    private TemplateExpression PathOrWord()
    {
        var up = 0;
        Next();
        while (_text.AsSpan(_at).StartsWith("../"))
        {
            up++;
            _at += 3;
        }

        if (_at < _text.Length && _text[_at] == '@')
        {
            _at++;
            var variable = Word();
            return variable is "index" or "key" or "first" or "last" && blocks.Count > up
                ? new PathExpression(PathRoot.Loop, variable, up, [])
                : throw Fault($"@{variable} is not known here", "Inside #each there are @index, @key, @first and @last");
        }

        var segments = Segments();
        return up == 0 && segments is [var word] && Literal(word) is { } literal ? literal : Rooted(segments, up);
    }

    private static LiteralExpression? Literal(string word) => word switch
    {
        "true" => new LiteralExpression(ExpressionValue.Of(true)),
        "false" => new LiteralExpression(ExpressionValue.Of(false)),
        "null" => new LiteralExpression(ExpressionValue.Null),
        _ => null,
    };

    private PathExpression Rooted(List<string> segments, int up)
    {
        if (up > blocks.Count)
        {
            throw Fault("../ leads out of the outermost block", "Use one ../ for each block at most");
        }

        var inside = blocks.Count - up > 0;
        if (segments.Count == 0 || segments[0] == "this")
        {
            return inside
                ? new PathExpression(PathRoot.This, null, up, Rest(segments, 1))
                : throw Fault("\"this\" stands for nothing outside a block", $"Begin the path with {Roots}");
        }

        var head = segments[0];
        if (inside)
        {
            // A name may turn out to be a root when it runs: nodes are remembered either way.
            if (head == "nodes" && segments.Count > 1)
            {
                nodes.Add(segments[1]);
            }

            return new PathExpression(PathRoot.Name, head, up, Rest(segments, 1));
        }

        if (head == "nodes")
        {
            return segments.Count > 1 && nodes.Add(segments[1]) | true
                ? new PathExpression(PathRoot.Node, segments[1], up, Rest(segments, 2))
                : throw Fault("\"nodes\" names no node", "Write its id after a point: nodes.fetch.total");
        }

        return RootOf(head) is { } root
            ? new PathExpression(root, null, up, Rest(segments, 1))
            : throw new ExpressionException("unknown_name", $"At character {piece.Position + 1}: \"{Shown(head)}\" is not known. A path begins with {Roots}.");
    }

    internal static PathRoot? RootOf(string head) => head switch
    {
        "input" => PathRoot.Input,
        "data" => PathRoot.Data,
        "item" => PathRoot.Item,
        "index" => PathRoot.Index,
        "run" => PathRoot.Run,
        _ => null,
    };

    private static IReadOnlyList<PathSegment> Rest(List<string> segments, int from) => [.. segments.Skip(from).Select(PathSegment.Of)];

    private List<string> Segments()
    {
        var segments = new List<string>();
        if (_at < _text.Length && _text[_at] == '.' && (_at + 1 == _text.Length || _text[_at + 1] is ' ' or ')'))
        {
            _at++;
            return segments;
        }

        var start = _at;
        do
        {
            segments.Add(_at < _text.Length && _text[_at] == '[' ? Bracketed() : Name());
            while (_at < _text.Length && _text[_at] == '[')
            {
                segments.Add(Bracketed());
            }
        }
        while (_at < _text.Length && _text[_at] is '.' or '/' && ++_at > 0);

        return segments.Count <= 64 ? segments : throw Fault($"the path \"{Shown(_text[start.._at])}\" is too long", "Use at most 64 names");
    }

    private string Bracketed()
    {
        var end = _text.IndexOf(']', _at);
        if (end < 0)
        {
            throw Fault("a [ is not closed", "Close it with ]");
        }

        var name = _text[(_at + 1)..end];
        _at = end + 1;
        return name.Length > 1 && name[0] is '"' or '\'' && name[^1] == name[0] ? name[1..^1] : name.Trim();
    }

    private string Name()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '_' or '-' or '$' or ':'))
        {
            _at++;
        }

        return _at > start
            ? _text[start.._at]
            : throw Fault(_at < _text.Length ? $"\"{_text[_at]}\" is not expected" : "the path ends too early", "Write names with points between them; other names in brackets: data.[first name]");
    }

    /// <summary>A name of letters and digits, after blanks.</summary>
    private string Word()
    {
        Next();
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_'))
        {
            _at++;
        }

        return _text[start.._at];
    }

    /// <summary>The next letter that is no blank, or NUL at the end.</summary>
    private char Next()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }

        return _at < _text.Length ? _text[_at] : '\0';
    }

    private bool AtEnd() => Next() == '\0' && _at >= _text.Length;

    private string Rest() => Shown(_text[_at..]);

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private ExpressionException Fault(string what, string mend) => TemplateScanner.Fault(piece.Position, what, mend);
}

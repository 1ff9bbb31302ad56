using System.Globalization;

namespace AgentLab.Core.Tools.Calculator;

/// <summary>
/// Reads an expression and works it out on the way, by recursive descent:
/// <code>
/// sum     = product (("+" | "-") product)*
/// product = signed (("*" | "/" | "%") signed)*
/// signed  = ("+" | "-") signed | power
/// power   = atom ("^" signed)?          right to left; -2^2 is -4
/// atom    = number | name | name "(" sum ("," sum)* ")" | "(" sum ")"
/// </code>
/// </summary>
internal ref struct CalculatorParser
{
    public const int MaxLength = 1_000;
    public const int MaxDepth = 64;

    private readonly ReadOnlySpan<char> _text;
    private int _position;
    private int _depth;

    private CalculatorParser(ReadOnlySpan<char> text) => _text = text;

    /// <exception cref="ToolFailureException">The expression cannot be read or has no result; the sentence says where and why.</exception>
    public static CalculatorNumber Evaluate(string expression)
    {
        if (expression.Length > MaxLength)
        {
            throw new ToolFailureException(ToolErrorCodes.TooLarge, $"The expression has {expression.Length} characters; at most {MaxLength} are taken.");
        }

        var parser = new CalculatorParser(expression);
        var result = parser.Sum();
        return parser.Peek() == '\0' ? result : throw parser.Unexpected("an operator or the end");
    }

    private CalculatorNumber Sum()
    {
        var left = Product();
        while (true)
        {
            switch (Peek())
            {
                case '+':
                    _position++;
                    left += Product();
                    break;
                case '-' or '−':
                    _position++;
                    left -= Product();
                    break;
                default:
                    return left;
            }
        }
    }

    private CalculatorNumber Product()
    {
        var left = Signed();
        while (true)
        {
            switch (Peek())
            {
                case '*' or '×' or '·':
                    _position++;
                    left *= Signed();
                    break;
                case '/' or '÷':
                    _position++;
                    left /= Signed();
                    break;
                case '%':
                    _position++;
                    left %= Remainder();
                    break;
                default:
                    return left;
            }
        }
    }

    private CalculatorNumber Remainder() => Peek() is '\0' or ')' or ',' or '*' or '/' or '%' or '^'
        ? throw new ToolFailureException(ToolErrorCodes.Refused, "% is the remainder of a division and needs a number on both sides. Write 15% as 15 / 100.")
        : Signed();

    private CalculatorNumber Signed()
    {
        Enter();
        var negative = Peek() is '-' or '−';
        if (negative || Peek() == '+')
        {
            _position++;
            var value = Signed();
            _depth--;
            return negative ? -value : value;
        }

        var result = Atom();
        if (Peek() == '^')
        {
            _position++;
            result = CalculatorNumber.Power(result, Signed());
        }

        _depth--;
        return result;
    }

    private CalculatorNumber Atom()
    {
        var next = Peek();
        if (char.IsAsciiDigit(next) || next == '.')
        {
            return Number();
        }

        if (char.IsAsciiLetter(next))
        {
            return Name();
        }

        if (next != '(')
        {
            throw Unexpected("a number, a function or \"(\"");
        }

        _position++;
        var value = Sum();
        Expect(')');
        return value;
    }

    private CalculatorNumber Number()
    {
        var start = _position;
        SkipDigits();
        if (Current == '.')
        {
            _position++;
            SkipDigits();
        }

        if (_text[start.._position] is ".")
        {
            _position = start;
            throw Unexpected("a number");
        }

        SkipExponent();
        return CalculatorNumber.Parse(_text[start.._position]);
    }

    private void SkipExponent()
    {
        if (Current is not ('e' or 'E'))
        {
            return;
        }

        var before = _position++;
        if (Current is '+' or '-')
        {
            _position++;
        }

        if (!char.IsAsciiDigit(Current))
        {
            _position = before;
            return;
        }

        SkipDigits();
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Current))
        {
            _position++;
        }
    }

    private CalculatorNumber Name()
    {
        var start = _position;
        while (char.IsAsciiLetterOrDigit(Current))
        {
            _position++;
        }

        var name = _text[start.._position].ToString().ToLowerInvariant();
        if (Peek() != '(')
        {
            return CalculatorFunctions.Constant(name);
        }

        _position++;
        var arguments = new List<CalculatorNumber> { Sum() };
        while (Peek() == ',')
        {
            _position++;
            arguments.Add(Sum());
        }

        Expect(')');
        return CalculatorFunctions.Call(name, arguments);
    }

    private readonly char Current => _position < _text.Length ? _text[_position] : '\0';

    /// <summary>The next character that is no blank, which stays next; a null character at the end.</summary>
    private char Peek()
    {
        while (char.IsWhiteSpace(Current))
        {
            _position++;
        }

        return Current;
    }

    private void Expect(char wanted)
    {
        if (Peek() != wanted)
        {
            throw Unexpected($"\"{wanted}\"");
        }

        _position++;
    }

    private void Enter()
    {
        if (++_depth > MaxDepth)
        {
            throw new ToolFailureException(ToolErrorCodes.TooLarge, $"The expression is nested more than {MaxDepth} deep.");
        }
    }

    private readonly ToolFailureException Unexpected(string wanted)
    {
        var found = _position < _text.Length ? $"\"{_text[_position]}\"" : "the end";
        return new ToolFailureException(
            ToolErrorCodes.Refused,
            string.Create(CultureInfo.InvariantCulture, $"Cannot read the expression: {wanted} was expected at character {_position + 1}, not {found}."));
    }
}

using System.Globalization;

namespace AgentLab.Core.Tools.Calculator;

/// <summary>
/// A value of the calculator: a decimal (28 digits, so that 0.1 + 0.2 is 0.3) for as long as one can hold it, otherwise a double. A value never
/// turns back, and it is always finite.
/// </summary>
internal readonly record struct CalculatorNumber
{
    /// <summary>A decimal has at most 28 places: below this size a double holds more digits that count.</summary>
    private const decimal SmallestPrecise = 1e-10m;

    private readonly decimal _exact;
    private readonly double _approximate;

    private CalculatorNumber(decimal exact, double approximate, bool isExact)
    {
        _exact = exact;
        _approximate = approximate;
        IsExact = isExact;
    }

    public bool IsExact { get; }

    public double Approximate => IsExact ? (double)_exact : _approximate;

    public bool IsZero => IsExact ? _exact == 0 : _approximate == 0;

    public bool IsNegative => IsExact ? _exact < 0 : _approximate < 0;

    /// <summary>The value when it is a whole number that an int can hold.</summary>
    public int? AsInt32 => Approximate is >= int.MinValue and <= int.MaxValue && double.IsInteger(Approximate) && (!IsExact || decimal.IsInteger(_exact))
        ? (int)Approximate
        : null;

    public static CalculatorNumber From(decimal value) => new(value, 0, isExact: true);

    /// <exception cref="ToolFailureException">The value is infinite or not a number.</exception>
    public static CalculatorNumber From(double value) => double.IsFinite(value)
        ? new(0, value, isExact: false)
        : throw Refused("The result is too large to write down");

    /// <summary>Reads digits with an optional fraction and exponent.</summary>
    public static CalculatorNumber Parse(ReadOnlySpan<char> text)
    {
        var approximate = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) ? Prefer(exact, approximate) : From(approximate);
    }

    public static CalculatorNumber operator -(CalculatorNumber value) => value.IsExact ? From(-value._exact) : From(-value._approximate);

    public static CalculatorNumber operator +(CalculatorNumber left, CalculatorNumber right) => Apply(left, right, decimal.Add, static (a, b) => a + b);

    public static CalculatorNumber operator -(CalculatorNumber left, CalculatorNumber right) => Apply(left, right, decimal.Subtract, static (a, b) => a - b);

    public static CalculatorNumber operator *(CalculatorNumber left, CalculatorNumber right) => Scale(left, right, decimal.Multiply, static (a, b) => a * b);

    public static CalculatorNumber operator /(CalculatorNumber left, CalculatorNumber right) => right.IsZero
        ? throw Refused("Division by zero")
        : Scale(left, right, decimal.Divide, static (a, b) => a / b);

    /// <summary>The remainder, with the sign of the left side.</summary>
    public static CalculatorNumber operator %(CalculatorNumber left, CalculatorNumber right) => right.IsZero
        ? throw Refused("Remainder of a division by zero")
        : Apply(left, right, decimal.Remainder, static (a, b) => a % b);

    public static CalculatorNumber Power(CalculatorNumber @base, CalculatorNumber exponent)
    {
        if (@base.IsZero && exponent.IsNegative)
        {
            throw Refused("Zero to a negative power is a division by zero");
        }

        var approximate = Math.Pow(@base.Approximate, exponent.Approximate);
        if (double.IsNaN(approximate))
        {
            throw Refused("A negative number has no such power among the real numbers");
        }

        return @base.IsExact && exponent.AsInt32 is { } whole and >= -1024 and <= 1024 && TryPower(@base._exact, whole, out var exact)
            ? Prefer(exact, approximate)
            : From(approximate);
    }

    public CalculatorNumber SquareRoot()
    {
        if (IsNegative)
        {
            throw Refused("A negative number has no square root among the real numbers");
        }

        if (!IsExact || IsZero)
        {
            return IsZero ? From(0m) : From(Math.Sqrt(_approximate));
        }

        // One double's worth of digits to start from; each step of Newton's method doubles them.
        var root = (decimal)Math.Sqrt((double)_exact);
        root = (root + (_exact / root)) / 2;
        return From((root + (_exact / root)) / 2);
    }

    public CalculatorNumber Map(Func<decimal, decimal> exact, Func<double, double> approximate) => IsExact ? From(exact(_exact)) : From(approximate(_approximate));

    public static int Compare(CalculatorNumber left, CalculatorNumber right) => left.IsExact && right.IsExact
        ? left._exact.CompareTo(right._exact)
        : left.Approximate.CompareTo(right.Approximate);

    /// <summary>The value as JSON writes it, without trailing zeros.</summary>
    public object ToJson() => IsExact ? Trim(_exact) : _approximate;

    public override string ToString() => IsExact
        ? Trim(_exact).ToString(CultureInfo.InvariantCulture)
        : _approximate.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Division by a one with 28 places drops trailing zeros: 2.50 becomes 2.5.</summary>
    private static decimal Trim(decimal value) => value / 1.0000000000000000000000000000m;

    private static CalculatorNumber Apply(CalculatorNumber left, CalculatorNumber right, Func<decimal, decimal, decimal> exact, Func<double, double, double> approximate)
    {
        if (left.IsExact && right.IsExact)
        {
            try
            {
                return From(exact(left._exact, right._exact));
            }
            catch (OverflowException)
            {
                // Past 28 digits: go on with a double.
            }
        }

        return From(approximate(left.Approximate, right.Approximate));
    }

    private static CalculatorNumber Scale(CalculatorNumber left, CalculatorNumber right, Func<decimal, decimal, decimal> exact, Func<double, double, double> approximate)
    {
        var result = Apply(left, right, exact, approximate);
        return result.IsExact ? Prefer(result._exact, approximate(left.Approximate, right.Approximate)) : result;
    }

    private static CalculatorNumber Prefer(decimal exact, double approximate) =>
        approximate != 0 && Math.Abs(exact) < SmallestPrecise ? From(approximate) : From(exact);

    private static bool TryPower(decimal value, int exponent, out decimal power)
    {
        power = 1;
        try
        {
            for (var (left, factor) = (Math.Abs(exponent), value); left > 0; left >>= 1)
            {
                power = (left & 1) == 1 ? power * factor : power;
                factor = left > 1 ? factor * factor : factor;
            }

            if (exponent >= 0)
            {
                return true;
            }

            var isPrecise = Math.Abs(power) >= SmallestPrecise;
            power = 1 / power;
            return isPrecise;
        }
        catch (Exception beyond) when (beyond is OverflowException or DivideByZeroException)
        {
            return false;
        }
    }

    private static ToolFailureException Refused(string what) => new(ToolErrorCodes.Refused, what + ".");
}

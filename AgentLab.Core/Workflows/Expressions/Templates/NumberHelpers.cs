using System.Globalization;

namespace AgentLab.Core.Workflows.Expressions.Templates;

/// <summary>Numbers: decimal arithmetic with 28 digits, so that 0.1 and 0.2 are 0.3.</summary>
internal static class NumberHelpers
{
    public static IReadOnlyList<TemplateHelper> All { get; } =
    [
        new("number", "number text", "the number that a text holds", 1, 1, (a, _) => Parse(a[0])),
        new("add", "add a b …", "the sum", 2, 20, (a, _) => Fold("add", a, static (x, y) => x + y)),
        new("subtract", "subtract a b", "the difference", 2, 2, (a, _) => Fold("subtract", a, static (x, y) => x - y)),
        new("multiply", "multiply a b …", "the product", 2, 20, (a, _) => Fold("multiply", a, static (x, y) => x * y)),
        new("divide", "divide a b", "the quotient", 2, 2, (a, _) => Fold("divide", a, static (x, y) => x / y)),
        new("mod", "mod a b", "the remainder", 2, 2, (a, _) => Fold("mod", a, static (x, y) => x % y)),
        new("min", "min a b …", "the least", 1, 20, (a, _) => Fold("min", a, Math.Min)),
        new("max", "max a b …", "the greatest", 1, 20, (a, _) => Fold("max", a, Math.Max)),
        new("abs", "abs a", "without its sign", 1, 1, (a, _) => ExpressionValue.Of(Math.Abs(TemplateHelpers.Number(a[0], "abs")))),
        new("floor", "floor a", "rounded down", 1, 1, (a, _) => ExpressionValue.Of(Math.Floor(TemplateHelpers.Number(a[0], "floor")))),
        new("ceil", "ceil a", "rounded up", 1, 1, (a, _) => ExpressionValue.Of(Math.Ceiling(TemplateHelpers.Number(a[0], "ceil")))),
        new("round", "round a digits", "rounded to so many digits, half away from zero; without digits to a whole number", 1, 2, (a, _) => Round(a)),
        new("sum", "sum list", "the sum of a list of numbers", 1, 1, Sum),
        new("formatNumber", "formatNumber a digits", "with so many digits after the point and commas between thousands: 1,234.50", 1, 2, (a, _) => Format(a)),
    ];

    private static ExpressionValue Fold(string helper, ExpressionValue[] values, Func<decimal, decimal, decimal> operation)
    {
        try
        {
            var result = TemplateHelpers.Number(values[0], helper);
            for (var i = 1; i < values.Length; i++)
            {
                result = operation(result, TemplateHelpers.Number(values[i], helper));
            }

            return ExpressionValue.Of(result);
        }
        catch (DivideByZeroException)
        {
            throw new ExpressionException("template_type", $"{helper} was to divide by 0.");
        }
        catch (OverflowException)
        {
            throw new ExpressionException("template_type", $"{helper} gives a number of more than 28 digits.");
        }
    }

    private static ExpressionValue Sum(ExpressionValue[] values, WorkBudget budget)
    {
        if (values[0].Type != ValueType.List)
        {
            return values[0].Exists ? throw TemplateHelpers.Wrong("sum", "a list", values[0]) : ExpressionValue.Of(0);
        }

        budget.Spend(values[0].Element.GetArrayLength() * 8L);
        return Fold("sum", [ExpressionValue.Of(0), .. values[0].Element.EnumerateArray().Select(item => ExpressionValue.Of(item))], static (x, y) => x + y);
    }

    private static ExpressionValue Parse(ExpressionValue value)
    {
        if (value.Type is ValueType.Number or ValueType.Null)
        {
            return value;
        }

        var text = TemplateHelpers.Text(value, "number").Trim();
        return decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? ExpressionValue.Of(number)
            : throw new ExpressionException("template_type", "number was given a text that is no number. Write numbers like 1234.5.");
    }

    private static int Digits(ExpressionValue[] values, string helper, int otherwise) =>
        values.Length < 2 ? otherwise
        : TemplateHelpers.Whole(values[1], helper) is >= 0 and <= 15 and var digits ? digits
        : throw new ExpressionException("template_type", $"{helper} takes 0 to 15 digits.");

    private static ExpressionValue Round(ExpressionValue[] values) =>
        ExpressionValue.Of(Math.Round(TemplateHelpers.Number(values[0], "round"), Digits(values, "round", 0), MidpointRounding.AwayFromZero));

    private static ExpressionValue Format(ExpressionValue[] values) =>
        ExpressionValue.Of(TemplateHelpers.Number(values[0], "formatNumber").ToString("N" + Digits(values, "formatNumber", 0), CultureInfo.InvariantCulture));
}

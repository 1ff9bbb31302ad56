namespace AgentLab.Core.Tools.Calculator;

/// <summary>The names that an expression may use.</summary>
internal static class CalculatorFunctions
{
    private const string Known = "sqrt, abs, round, floor, ceil, min, max, pi, e";

    public static CalculatorNumber Constant(string name) => name switch
    {
        "pi" => CalculatorNumber.From(3.1415926535897932384626433833m),
        "e" => CalculatorNumber.From(2.7182818284590452353602874714m),
        _ => throw Unknown(name),
    };

    public static CalculatorNumber Call(string name, List<CalculatorNumber> arguments) => name switch
    {
        "sqrt" => One(name, arguments).SquareRoot(),
        "abs" => One(name, arguments).Map(Math.Abs, Math.Abs),
        "floor" => One(name, arguments).Map(Math.Floor, Math.Floor),
        "ceil" => One(name, arguments).Map(Math.Ceiling, Math.Ceiling),
        "round" => Round(arguments),
        "min" => arguments.Aggregate((least, next) => CalculatorNumber.Compare(next, least) < 0 ? next : least),
        "max" => arguments.Aggregate((most, next) => CalculatorNumber.Compare(next, most) > 0 ? next : most),
        _ => throw Unknown(name),
    };

    /// <summary>Halves are rounded away from zero, as people do.</summary>
    private static CalculatorNumber Round(List<CalculatorNumber> arguments)
    {
        if (arguments.Count == 1)
        {
            return arguments[0].Map(value => Math.Round(value, MidpointRounding.AwayFromZero), value => Math.Round(value, MidpointRounding.AwayFromZero));
        }

        if (arguments.Count != 2 || arguments[1].AsInt32 is not { } digits || digits is < 0 or > 15)
        {
            throw new ToolFailureException(ToolErrorCodes.Refused, "round takes a number and, if wanted, the places after the point, 0 to 15: round(2.345, 2).");
        }

        return arguments[0].Map(value => Math.Round(value, digits, MidpointRounding.AwayFromZero), value => Math.Round(value, digits, MidpointRounding.AwayFromZero));
    }

    private static CalculatorNumber One(string name, List<CalculatorNumber> arguments) => arguments.Count == 1
        ? arguments[0]
        : throw new ToolFailureException(ToolErrorCodes.Refused, $"{name} takes one number, not {arguments.Count}.");

    private static ToolFailureException Unknown(string name) =>
        new(ToolErrorCodes.Refused, $"\"{name}\" is not known. Known are {Known}.");
}

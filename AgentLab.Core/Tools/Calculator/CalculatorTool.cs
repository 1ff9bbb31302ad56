namespace AgentLab.Core.Tools.Calculator;

/// <summary>calculator: arithmetic that a model should not do in its head.</summary>
internal static class CalculatorTool
{
    public const string Name = "calculator";

    private const string Description =
        "Works out an arithmetic expression exactly. Operators + - * / % (remainder) ^ (power), parentheses, sqrt, abs, round(x, places), floor, ceil, min, max, pi, e. "
        + "Write numbers with a point and without thousands separators: (1250.50 - 99) * 12.";

    private const string Schema = """
        {
          "type": "object",
          "properties": {
            "expression": { "type": "string", "minLength": 1, "maxLength": 1000, "description": "For example (3 + 4) * 2.5 or sqrt(2) ^ 2" }
          },
          "required": ["expression"],
          "additionalProperties": false
        }
        """;

    public static Tool Create() =>
        new(new ToolFunction<Arguments>(Name, Description, Schema, (arguments, _, _) => Task.FromResult(Evaluate(arguments))), "Calculator", ToolEffect.Read);

    private static ToolOutcome Evaluate(Arguments arguments)
    {
        var result = CalculatorParser.Evaluate(arguments.Expression);
        return ToolOutcome.Succeeded(
            ToolJson.ToElement(new { expression = arguments.Expression, result = result.ToJson() }),
            preview: $"= {result}");
    }

    private sealed record Arguments(string Expression);
}

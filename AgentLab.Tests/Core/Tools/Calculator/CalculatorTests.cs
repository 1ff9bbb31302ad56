using AgentLab.Core.Tools;
using AgentLab.Core.Tools.Calculator;

namespace AgentLab.Tests.Core.Tools.Calculator;

public sealed class CalculatorTests
{
    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("0.1 + 0.2", "0.3")]
    [InlineData("10 - 4 - 3", "3")]
    [InlineData("100 / 10 / 5", "2")]
    [InlineData("17 % 5", "2")]
    [InlineData("-17 % 5", "-2")]
    [InlineData("17 % -5", "2")]
    [InlineData("2 ^ 3 ^ 2", "512")]
    [InlineData("-2 ^ 2", "-4")]
    [InlineData("(-2) ^ 2", "4")]
    [InlineData("2 ^ -2", "0.25")]
    [InlineData("--3", "3")]
    [InlineData("1 --1", "2")]
    [InlineData("+5", "5")]
    [InlineData(".5 + 1.", "1.5")]
    [InlineData("1.5e3", "1500")]
    [InlineData("2.50 * 4", "10")]
    [InlineData("1 / 3", "0.3333333333333333333333333333")]
    [InlineData("sqrt(16)", "4")]
    [InlineData("sqrt(2)", "1.4142135623730950488016887242")]
    [InlineData("sqrt(0)", "0")]
    [InlineData("ABS(-3.5)", "3.5")]
    [InlineData("round(2.5)", "3")]
    [InlineData("round(-2.5)", "-3")]
    [InlineData("round(2.345, 2)", "2.35")]
    [InlineData("floor(-1.2) + ceil(1.2)", "0")]
    [InlineData("min(3, 1, 2) + max(3, 1, 2)", "4")]
    [InlineData("6 × 7 ÷ 2 − 1", "20")]
    [InlineData("99999999999999999999999999999 + 1", "1E+29")]
    [InlineData("10 ^ 40", "1E+40")]
    [InlineData("1e-20 * 1e-20", "1E-40")]
    [InlineData("4 ^ 0.5", "2")]
    public void Evaluate_Expression_GivesItsValue(string expression, string value) =>
        CalculatorParser.Evaluate(expression).ToString().ShouldBe(value);

    [Theory]
    [InlineData("", "a number, a function or \"(\" was expected at character 1, not the end")]
    [InlineData("1 +", "at character 4, not the end")]
    [InlineData("(1 + 2", "\")\" was expected at character 7, not the end")]
    [InlineData("1 2", "an operator or the end was expected at character 3, not \"2\"")]
    [InlineData("1,000 * 2", "an operator or the end was expected at character 2, not \",\"")]
    [InlineData("2 ** 3", "at character 4, not \"*\"")]
    [InlineData(". + 1", "a number was expected at character 1")]
    [InlineData("2e", "at character 2")]
    [InlineData("1 / 0", "Division by zero")]
    [InlineData("1 / (0.5 - 1 / 2)", "Division by zero")]
    [InlineData("5 % 0", "Remainder of a division by zero")]
    [InlineData("0 ^ -1", "division by zero")]
    [InlineData("(-8) ^ 0.5", "no such power")]
    [InlineData("sqrt(-1)", "no square root")]
    [InlineData("10 ^ 400", "too large")]
    [InlineData("1e999", "too large")]
    [InlineData("exec(1)", "\"exec\" is not known. Known are sqrt")]
    [InlineData("sqrt(1, 2)", "sqrt takes one number, not 2")]
    [InlineData("round(1.5, 99)", "places after the point")]
    [InlineData("240 * 15%", "15 / 100")]
    public void Evaluate_WrongExpression_SaysWhereAndWhy(string expression, string sentence)
    {
        var failure = Should.Throw<ToolFailureException>(() => CalculatorParser.Evaluate(expression));

        failure.Code.ShouldBe(ToolErrorCodes.Refused);
        failure.Message.ShouldContain(sentence);
    }

    [Theory]
    [InlineData('(')]
    [InlineData('-')]
    public void Evaluate_NestedTooDeep_IsRefused(char opening)
    {
        var failure = Should.Throw<ToolFailureException>(() => CalculatorParser.Evaluate(new string(opening, 900) + "1"));

        failure.Code.ShouldBe(ToolErrorCodes.TooLarge);
    }

    [Fact]
    public async Task Tool_Called_AnswersWithJsonNumber()
    {
        var outcome = await ToolCalls.InvokeAsync(CalculatorTool.Create(), """{"expression":"(1250.50 - 99) * 12"}""");

        outcome.Result!.Value.GetProperty("result").GetDecimal().ShouldBe(13818m);
        outcome.Preview.ShouldBe("= 13818");
    }

    [Fact]
    public async Task Tool_ExpressionTooLong_IsRefusedBySchema()
    {
        var error = await ToolCalls.ErrorAsync(CalculatorTool.Create(), $$"""{"expression":"{{new string('1', 1001)}}"}""");

        error.Code.ShouldBe(ToolErrorCodes.InvalidArguments);
    }
}

using AgentLab.Core.Tools;
using AgentLab.Core.Tools.Calculator;
using FsCheck;
using FsCheck.Fluent;

namespace AgentLab.Tests.Core.Tools.Calculator;

/// <summary>Random expressions, written with as few parentheses as the rules of precedence allow, against the same tree worked out directly.</summary>
public sealed class CalculatorProperties
{
    [Fact]
    public void Evaluate_RandomTree_AgreesWithReference() =>
        Prop.ForAll(Trees(4).ToArbitrary(), tree =>
        {
            var text = tree.Write(0);
            if (tree.Value is not { } expected)
            {
                Should.Throw<ToolFailureException>(() => CalculatorParser.Evaluate(text), text);
                return;
            }

            if (!tree.IsExact)
            {
                // Below 1e-10 the calculator goes on with a double by design; the decimals of the reference say nothing about it.
                double.IsFinite(CalculatorParser.Evaluate(text).Approximate).ShouldBeTrue(text);
                return;
            }

            var actual = CalculatorParser.Evaluate(text);
            actual.ToString().ShouldBe(CalculatorNumber.From(expected).ToString(), text);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Evaluate_AnyText_EndsInValueOrForeseenFailure() =>
        Prop.ForAll(Noise().ToArbitrary(), text =>
        {
            try
            {
                double.IsFinite(CalculatorParser.Evaluate(text).Approximate).ShouldBeTrue(text);
            }
            catch (ToolFailureException failure)
            {
                failure.Message.ShouldNotBeEmpty();
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    private static Gen<string> Noise() => Gen.Elements("1", "0", "9.5", "1e9", "e", "(", ")", "+", "-", "*", "/", "%", "^", ",", ".", " ", "sqrt", "min(", "round(", "x", "é", "\0")
        .ListOf()
        .Select(pieces => string.Concat(pieces));

    private static Gen<Node> Trees(int depth) => depth == 0
        ? Gen.Choose(0, 50).Select(number => (Node)new Leaf(number))
        : Gen.OneOf(
            Trees(0),
            Trees(depth - 1).Select(inner => (Node)new Negative(inner)),
            Gen.Elements("+", "-", "*", "/", "%")
                .SelectMany(sign => Trees(depth - 1).SelectMany(left => Trees(depth - 1).Select(right => (Node)new Pair(sign, left, right)))));

    private abstract record Node
    {
        /// <summary>Null where a divisor is zero.</summary>
        public abstract decimal? Value { get; }

        /// <summary>Whether every value on the way is one that the calculator keeps as a decimal.</summary>
        public abstract bool IsExact { get; }

        /// <summary>The text, in parentheses where the place around binds tighter (0 sum, 1 product, 2 sign).</summary>
        public abstract string Write(int level);

        protected static string Wrap(string text, int own, int around) => own < around ? $"({text})" : text;
    }

    private sealed record Leaf(int Number) : Node
    {
        public override decimal? Value => Number;

        public override bool IsExact => true;

        public override string Write(int level) => Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private sealed record Negative(Node Inner) : Node
    {
        public override decimal? Value => -Inner.Value;

        public override bool IsExact => Inner.IsExact;

        public override string Write(int level) => Wrap("-" + Inner.Write(2), 2, level);
    }

    private sealed record Pair(string Sign, Node Left, Node Right) : Node
    {
        private int Level => Sign is "+" or "-" ? 0 : 1;

        public override decimal? Value => (Sign, Left.Value, Right.Value) switch
        {
            (_, null, _) or (_, _, null) or ("/" or "%", _, 0m) => null,
            ("+", { } left, { } right) => left + right,
            ("-", { } left, { } right) => left - right,
            ("*", { } left, { } right) => left * right,
            ("/", { } left, { } right) => left / right,
            (_, { } left, { } right) => left % right,
        };

        public override bool IsExact => Left.IsExact && Right.IsExact && (Value is null or 0m || Math.Abs(Value.Value) >= 1e-10m);

        public override string Write(int level) => Wrap($"{Left.Write(Level)} {Sign} {Right.Write(Level + 1)}", Level, level);
    }
}

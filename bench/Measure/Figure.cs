namespace AgentLab.Bench.Measure;

/// <summary>One measured value, beside its reference and its target.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The median over the rounds.</param>
/// <param name="Unit">Of the value and of the reference.</param>
internal sealed record Figure(string Name, double Value, string Unit)
{
    /// <summary>The median of the reference in the same rounds.</summary>
    public double? Reference { get; init; }

    /// <summary>What the reference is.</summary>
    public string? Against { get; init; }

    /// <summary>The median of the rounds' own ratios: each round compares neighbours in time, which the quotient of two medians does not.</summary>
    public double? Ratio { get; init; }

    /// <summary>What the ratio (or, without a reference, the value) must reach or stay below.</summary>
    public double? Target { get; init; }

    /// <summary>What the value itself must reach or stay below, beside whatever reference.</summary>
    public double? Limit { get; init; }

    /// <summary>True when smaller is better.</summary>
    public bool AtMost { get; init; }

    /// <summary>Whether the target is met; null without one.</summary>
    public bool? Met => (Limit ?? Target) is not { } target ? null : AtMost ? Judged <= target : Judged >= target;

    private double Judged => Limit is null && Ratio is { } ratio ? ratio : Value;

    /// <summary>The value of each round, in order.</summary>
    public IReadOnlyList<double> Rounds { get; init; } = [];

    /// <summary>A figure over rounds, without a reference.</summary>
    public static Figure Of(string name, string unit, IReadOnlyList<double> rounds) =>
        new(name, Quantiles.Median(rounds), unit) { Rounds = rounds };

    /// <summary>A figure over rounds, each with the reference measured beside it.</summary>
    public static Figure Beside(string name, string unit, IReadOnlyList<double> rounds, string against, IReadOnlyList<double> references) =>
        Of(name, unit, rounds) with
        {
            Against = against,
            Reference = Quantiles.Median(references),
            Ratio = Quantiles.Median(rounds.Zip(references, static (value, reference) => value / reference)),
        };
}

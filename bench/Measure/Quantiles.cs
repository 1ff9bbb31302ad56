namespace AgentLab.Bench.Measure;

/// <summary>Middles and tails of measured values.</summary>
internal static class Quantiles
{
    public static double Median(IEnumerable<double> values) => At(values, 0.5);

    /// <summary>The value below which the share <paramref name="quantile"/> lies (nearest rank); NaN without values.</summary>
    public static double At(IEnumerable<double> values, double quantile)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return Sorted(sorted, quantile);
    }

    /// <summary>As <see cref="At"/>, of values that are sorted already.</summary>
    public static double Sorted(ReadOnlySpan<double> sorted, double quantile) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(quantile * sorted.Length) - 1, 0, sorted.Length - 1)];
}

using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Dashboard;

/// <summary>Stacked bars over time as a picture of our own, with the same values as a table.</summary>
public sealed partial class BarChart
{
    private const int Slot = 24;
    private const int Gap = 3;
    private const int Height = 120;

    private readonly string _id = $"chart-{Guid.NewGuid():N}";

    /// <summary>What is counted.</summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>What a bar stands for: "Hour", "Day".</summary>
    [Parameter, EditorRequired]
    public string Unit { get; set; } = "";

    /// <summary>What each bar is made of, from the bottom up.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<ChartSeries> Series { get; set; } = [];

    /// <summary>The bars, the oldest first; at least one.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<ChartBar> Bars { get; set; } = [];

    /// <summary>How a value reads.</summary>
    [Parameter, EditorRequired]
    public Func<decimal, string> Format { get; set; } = value => value.ToString(CultureInfo.InvariantCulture);

    private decimal Most => Bars.Max(bar => bar.Values.Sum());

    private string Summary
    {
        get
        {
            var total = Bars.Sum(bar => bar.Values.Sum());
            if (total == 0)
            {
                return $"{Title}: none.";
            }

            var top = Bars.MaxBy(bar => bar.Values.Sum())!;
            return $"{Title}: {Format(total)} in all, most in {top.Label} with {Format(top.Values.Sum())}.";
        }
    }

    private string Told(ChartBar bar) => $"{bar.Label}: {string.Join(", ", Series.Select(s => $"{s.Name} {Format(bar.Values[s.Index])}"))}";

    private static string Number(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Where the parts of a bar lie, from the bottom up; a part that is not nothing is seen.</summary>
    private IEnumerable<(decimal Top, decimal Height, string Tone)> Parts(ChartBar bar)
    {
        var (most, top) = (Most, (decimal)Height);
        foreach (var series in Series.Where(s => bar.Values[s.Index] > 0))
        {
            var height = Math.Max(2, bar.Values[series.Index] / most * (Height - 2));
            top = Math.Max(0, top - height);
            yield return (top, height, series.Tone);
        }
    }
}

/// <summary>A part of each bar.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Tone">Its colour: done, failed, cancelled or accent.</param>
/// <param name="Index">Which of a bar's values it is.</param>
public sealed record ChartSeries(string Name, string Tone, int Index);

/// <summary>One bar.</summary>
/// <param name="Label">When it is, in full.</param>
/// <param name="Tick">When it is, below the picture.</param>
/// <param name="Values">Its parts.</param>
public sealed record ChartBar(string Label, string Tick, IReadOnlyList<decimal> Values);

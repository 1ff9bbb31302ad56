using System.Globalization;
using System.Text;

namespace AgentLab.Bench.Measure;

/// <summary>Figures as a table in Markdown, which also reads well on a terminal.</summary>
internal static class Table
{
    private static readonly string[] Head = ["what", "value", "beside", "reference", "ratio", "target", "met"];

    public static string Of(BenchResult result)
    {
        var rows = result.Figures.Select(Row).Prepend(Head).ToList();
        var widths = Enumerable.Range(0, Head.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        for (var i = 0; i < rows.Count; i++)
        {
            Line(text, rows[i], widths);
            if (i == 0)
            {
                Line(text, [.. widths.Select(w => new string('-', w))], widths);
            }
        }

        return text.ToString();
    }

    /// <summary>Three figures are enough for what is measured here.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        double.NaN => "n/a",
        0 => "0",
        >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    private static string[] Row(Figure f) =>
    [
        f.Name,
        $"{Number(f.Value)} {f.Unit}".TrimEnd(),
        f.Against ?? string.Empty,
        f.Reference is { } reference ? $"{Number(reference)} {f.Unit}".TrimEnd() : string.Empty,
        f.Ratio is { } ratio ? Number(ratio) : string.Empty,
        (f.Limit ?? f.Target) is { } target ? $"{(f.AtMost ? "<=" : ">=")} {Number(target)}{(f.Ratio is null || f.Limit is not null ? " " + f.Unit : string.Empty)}" : string.Empty,
        f.Met is { } met ? (met ? "yes" : "NO") : string.Empty,
    ];

    private static void Line(StringBuilder text, string[] cells, int[] widths)
    {
        text.Append('|');
        for (var i = 0; i < cells.Length; i++)
        {
            text.Append(' ').Append(cells[i].PadRight(widths[i])).Append(" |");
        }

        text.Append('\n');
    }
}

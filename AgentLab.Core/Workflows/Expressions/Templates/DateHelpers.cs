using System.Globalization;
using AgentLab.Core.Workflows.Expressions.Conditions;

namespace AgentLab.Core.Workflows.Expressions.Templates;

/// <summary>Dates and times that are given. There is no present moment here: a run that goes on after a crash must compute what it had computed.</summary>
internal static class DateHelpers
{
    private const string Units = "years, months, weeks, days, hours, minutes or seconds";

    public static IReadOnlyList<TemplateHelper> All { get; } =
    [
        new("formatDate", "formatDate time format zone", "the time as a text: yyyy-MM-dd, d MMMM yyyy, HH:mm, dddd …, in UTC or the zone named", 2, 3, (a, _) => Format(a)),
        new("dateAdd", "dateAdd time amount unit", $"the time moved by so many {Units}", 3, 3, (a, _) => Add(a)),
        new("dateDiff", "dateDiff from to unit", "how many weeks, days, hours, minutes or seconds from one time to the other", 3, 3, (a, _) => Difference(a)),
    ];

    private static DateTimeOffset Time(ExpressionValue value, string helper) =>
        value.Type == ValueType.Text && Times.TryParse(value.Text, out var time)
            ? time
            : throw new ExpressionException("template_type", $"{helper} takes a time such as 2026-03-01 or 2026-03-01T09:30:00Z, and was given {Shown(value)}.");

    private static string Shown(ExpressionValue value) => value.Type == ValueType.Text ? $"\"{(value.Text.Length > 40 ? value.Text[..40] + "…" : value.Text)}\"" : ExpressionValue.Name(value.Type);

    private static ExpressionValue Format(ExpressionValue[] values)
    {
        var time = Time(values[0], "formatDate");
        var format = TemplateHelpers.Text(values[1], "formatDate");
        if (values.Length > 2)
        {
            time = TimeZoneInfo.ConvertTime(time, Times.Zone(TemplateHelpers.Text(values[2], "formatDate")));
        }

        try
        {
            // One letter alone would be one of .NET's named formats, some of which depend on more than the time.
            return format.Length is > 1 and <= 100
                ? ExpressionValue.Of(time.ToString(format, CultureInfo.InvariantCulture))
                : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new ExpressionException("template_type", "formatDate takes a format of 2 to 100 characters such as yyyy-MM-dd or d MMMM yyyy, HH:mm.");
        }
    }

    private static ExpressionValue Add(ExpressionValue[] values)
    {
        var time = Time(values[0], "dateAdd");
        var amount = TemplateHelpers.Number(values[1], "dateAdd");
        try
        {
            var moved = TemplateHelpers.Text(values[2], "dateAdd") switch
            {
                "years" or "year" => time.AddYears(TemplateHelpers.Whole(values[1], "dateAdd")),
                "months" or "month" => time.AddMonths(TemplateHelpers.Whole(values[1], "dateAdd")),
                var unit => time.AddTicks((long)(amount * TicksOf(unit, "dateAdd"))),
            };
            return ExpressionValue.Of(Times.Write(moved, isDate: values[0].Text.Length == 10 && moved.TimeOfDay == TimeSpan.Zero));
        }
        catch (Exception outside) when (outside is ArgumentOutOfRangeException or OverflowException)
        {
            throw new ExpressionException("template_type", "dateAdd leads out of the calendar's years 1 to 9999.");
        }
    }

    private static ExpressionValue Difference(ExpressionValue[] values)
    {
        var span = Time(values[1], "dateDiff") - Time(values[0], "dateDiff");
        return ExpressionValue.Of(Math.Round((decimal)span.Ticks / TicksOf(TemplateHelpers.Text(values[2], "dateDiff"), "dateDiff"), 6));
    }

    private static long TicksOf(string unit, string helper) => unit switch
    {
        "weeks" or "week" => TimeSpan.TicksPerDay * 7,
        "days" or "day" => TimeSpan.TicksPerDay,
        "hours" or "hour" => TimeSpan.TicksPerHour,
        "minutes" or "minute" => TimeSpan.TicksPerMinute,
        "seconds" or "second" => TimeSpan.TicksPerSecond,
        _ => throw new ExpressionException("template_type", $"{helper} knows {Units}."),
    };
}

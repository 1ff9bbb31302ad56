using System.Globalization;

namespace AgentLab.Web.Features.Tasks;

/// <summary>The schedules that people pick by words; everything else is a cron expression that they write.</summary>
/// <param name="Every">One of the words below.</param>
/// <param name="At">The time of day; of every hour only the minute counts.</param>
/// <param name="Day">The day of the week (0 is Sunday) or of the month.</param>
internal sealed record TaskTimes(string Every, TimeOnly At, int Day)
{
    public const string Hour = "hour";
    public const string EachDay = "day";
    public const string Weekdays = "weekdays";
    public const string Week = "week";
    public const string Month = "month";
    public const string Custom = "cron";

    /// <summary>The days of the week from Sunday.</summary>
    public static IReadOnlyList<string> DayNames { get; } = CultureInfo.InvariantCulture.DateTimeFormat.DayNames;

    /// <summary>The expression that says the same.</summary>
    public string ToCron() => string.Create(CultureInfo.InvariantCulture, $"{At.Minute} {(Every == Hour ? "*" : At.Hour)} {(Every == Month ? Day : "*")} * {Weekday}");

    private string Weekday => Every switch
    {
        Weekdays => "1-5",
        Week => Day.ToString(CultureInfo.InvariantCulture),
        _ => "*",
    };

    /// <summary>The words for an expression; null when there are none.</summary>
    public static TaskTimes? Read(string cron)
    {
        var fields = cron.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields is not [var minute, var hour, var day, "*", var weekday] || !Number(minute, 59, out var m))
        {
            return null;
        }

        if ((hour, day, weekday) == ("*", "*", "*"))
        {
            return new TaskTimes(Hour, new TimeOnly(0, m), 1);
        }

        if (!Number(hour, 23, out var h))
        {
            return null;
        }

        var at = new TimeOnly(h, m);
        return (day, weekday) switch
        {
            ("*", "*") => new TaskTimes(EachDay, at, 1),
            ("*", "1-5") => new TaskTimes(Weekdays, at, 1),
            ("*", _) when Number(weekday, 6, out var of) => new TaskTimes(Week, at, of),
            (_, "*") when Number(day, 31, out var of) && of > 0 => new TaskTimes(Month, at, of),
            _ => null,
        };
    }

    private static bool Number(string text, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most;
}

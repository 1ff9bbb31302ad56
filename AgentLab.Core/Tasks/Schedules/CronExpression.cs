using System.Collections.Concurrent;

namespace AgentLab.Core.Tasks.Schedules;

/// <summary>
/// A cron expression of five fields: minute, hour, day of the month, month, day of the week (0 or 7 is Sunday). A field is <c>*</c>, numbers, names (<c>MON</c>, <c>JAN</c>), ranges and
/// steps, with commas between them. If both days are restricted, either is enough.
/// </summary>
/// <remarks>
/// Times are those of a clock on the wall. When clocks go forward, what lies in the hour that is left out runs once, as soon as that hour would have begun; when they go back, a time
/// that comes twice runs at the first, unless the hour is <c>*</c>: what runs every hour or every few minutes goes on through both.
/// </remarks>
public sealed class CronExpression
{
    private const int Longest = 100;
    private const int MostKept = 1000;

    /// <summary>The longest pause between two times: a 29th of February over a century without a leap day.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(366 * 9);

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly ConcurrentDictionary<string, CronExpression> Kept = new(StringComparer.Ordinal);

    private readonly CronField _minutes;
    private readonly CronField _hours;
    private readonly CronField _days;
    private readonly CronField _months;
    private readonly CronField _weekdays;

    private CronExpression(CronField minutes, CronField hours, CronField days, CronField months, CronField weekdays)
    {
        (_minutes, _hours, _days, _months, _weekdays) = (minutes, hours, days, months, weekdays);
    }

    /// <summary>Reads an expression.</summary>
    /// <exception cref="FormatException">It is not one; the message says which field is wrong and what it takes.</exception>
    public static CronExpression Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Kept.TryGetValue(text, out var known))
        {
            return known;
        }

        var read = Read(text);
        if (Kept.Count < MostKept)
        {
            Kept[text] = read;
        }

        return read;
    }

    /// <summary>The first time after this one, in UTC; null when there is none (a 31st of February).</summary>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        if (after > DateTimeOffset.MaxValue - Horizon - Horizon)
        {
            return null;
        }

        var time = new DateTimeOffset(after.UtcTicks - (after.UtcTicks % Minute.Ticks), TimeSpan.Zero) + Minute;
        var end = time + Horizon;
        while (time < end)
        {
            var local = TimeZoneInfo.ConvertTime(time, zone);
            var gap = local.Offset - TimeZoneInfo.ConvertTime(time - Minute, zone).Offset;
            if (gap > TimeSpan.Zero && !_hours.All && LiesIn(local.DateTime - gap, local.DateTime))
            {
                return time;
            }

            if (!OnDay(local.Date))
            {
                time = NextDay(local, zone);
                continue;
            }

            if (OnTime(local.DateTime) && (_hours.All || !IsSecond(local, zone)))
            {
                return time;
            }

            time += Minute;
        }

        return null;
    }

    /// <summary>Whether a time of the expression lies in the part of the clock that is left out.</summary>
    private bool LiesIn(DateTime from, DateTime to)
    {
        for (var time = from; time < to; time += Minute)
        {
            if (OnDay(time.Date) && OnTime(time))
            {
                return true;
            }
        }

        return false;
    }

    private bool OnTime(DateTime local) => _minutes.Has(local.Minute) && _hours.Has(local.Hour);

    private bool OnDay(DateTime date)
    {
        if (!_months.Has(date.Month))
        {
            return false;
        }

        var day = _days.Has(date.Day);
        var weekday = _weekdays.Has((int)date.DayOfWeek);
        return _days.All || _weekdays.All ? day && weekday : day || weekday;
    }

    /// <summary>Whether this is the second time that the clock shows it.</summary>
    private static bool IsSecond(DateTimeOffset local, TimeZoneInfo zone) =>
        zone.IsAmbiguousTime(local.DateTime) && local.Offset == zone.GetAmbiguousTimeOffsets(local.DateTime).Min();

    /// <summary>The first minute of the next day, or a little before it where clocks change about midnight.</summary>
    private static DateTimeOffset NextDay(DateTimeOffset local, TimeZoneInfo zone)
    {
        var left = local.Date.AddDays(1) - local.DateTime;
        var next = local.ToUniversalTime() + left;
        for (var shown = TimeZoneInfo.ConvertTime(next, zone); next > local && shown.Date == local.Date.AddDays(1) && shown.TimeOfDay > TimeSpan.Zero; next -= Minute)
        {
            shown = TimeZoneInfo.ConvertTime(next - Minute, zone);
            if (shown.Date != local.Date.AddDays(1))
            {
                break;
            }
        }

        return next;
    }

    private static CronExpression Read(string text)
    {
        var whole = text.Trim();
        if (whole.Length > Longest)
        {
            throw new FormatException($"A cron expression has at most {Longest} characters.");
        }

        var fields = Named(whole).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields.Length != 5)
        {
            throw new FormatException("A cron expression has five fields: minute, hour, day of the month, month, day of the week. Every day at nine: 0 9 * * *");
        }

        return new CronExpression(
            CronField.Read(fields[0], "minute", 0, 59, []), CronField.Read(fields[1], "hour", 0, 23, []), CronField.Read(fields[2], "day of the month", 1, 31, []),
            CronField.Read(fields[3], "month", 1, 12, CronField.Months), CronField.Read(fields[4], "day of the week", 0, 7, CronField.Weekdays).FoldSunday());
    }

    private static string Named(string text) => text.ToLowerInvariant() switch
    {
        "@hourly" => "0 * * * *",
        "@daily" or "@midnight" => "0 0 * * *",
        "@weekly" => "0 0 * * 0",
        "@monthly" => "0 0 1 * *",
        "@yearly" or "@annually" => "0 0 1 1 *",
        _ => text.Replace('\t', ' '),
    };
}

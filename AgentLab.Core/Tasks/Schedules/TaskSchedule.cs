namespace AgentLab.Core.Tasks.Schedules;

/// <summary>What becomes of a run whose time passed while nobody could start it.</summary>
public enum MissedRun
{
    /// <summary>One run makes up for all that were missed.</summary>
    RunOnce,

    /// <summary>They are left out; the next time counts.</summary>
    Skip,
}

/// <summary>When a task runs: at once, once at a time, or again and again by a cron expression.</summary>
public sealed record TaskSchedule
{
    /// <summary>As soon as it is queued.</summary>
    public static TaskSchedule Now { get; } = new();

    /// <summary>The one time at which it runs; null without one.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The expression by which it runs again and again (five fields); null without one.</summary>
    public string? Cron { get; init; }

    /// <summary>The time zone of the expression, by its IANA name. Default: UTC.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>What becomes of runs that were missed. Default: one run makes up for them.</summary>
    public MissedRun Missed { get; init; }

    /// <summary>Whether it runs again and again.</summary>
    public bool Repeats => Cron is not null;

    /// <summary>The next time after this one; null when there is none.</summary>
    /// <exception cref="FormatException">The expression or the time zone is not sound; a saved schedule's are.</exception>
    public DateTimeOffset? Next(DateTimeOffset after) =>
        Cron is not null ? CronExpression.Parse(Cron).Next(after, Zone()) : At is { } at && at > after ? at : null;

    /// <summary>The next times after this one, at most so many.</summary>
    public IReadOnlyList<DateTimeOffset> NextRuns(DateTimeOffset after, int most)
    {
        var times = new List<DateTimeOffset>(most);
        for (var time = Next(after); time is { } found && times.Count < most; time = Next(found))
        {
            times.Add(found);
        }

        return times;
    }

    /// <summary>The time zone.</summary>
    public TimeZoneInfo Zone() => FindZone(TimeZone) ?? throw new FormatException($"There is no time zone {TimeZone}.");

    /// <summary>The time zone of this name; null when there is none.</summary>
    public static TimeZoneInfo? FindZone(string? name) =>
        name is { Length: > 0 and <= 100 } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+') && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : null;
}

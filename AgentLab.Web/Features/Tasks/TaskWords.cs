using System.Globalization;
using AgentLab.Core.Tasks;
using AgentLab.Core.Tasks.Schedules;
using AgentLab.Web.Shared;

namespace AgentLab.Web.Features.Tasks;

/// <summary>What is said of tasks.</summary>
internal static class TaskWords
{
    /// <summary>Priorities as people call them.</summary>
    public static IReadOnlyList<string> Priorities { get; } = ["1, low", "2", "3, usual", "4", "5, most urgent"];

    /// <summary>A status as the API writes it.</summary>
    public static string Code(LabTaskStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>A status as people see it.</summary>
    public static (Status Status, string Word) Of(LabTaskStatus status) => status switch
    {
        LabTaskStatus.Draft => (Status.Waiting, "Draft"),
        LabTaskStatus.Queued => (Status.Waiting, "Queued"),
        LabTaskStatus.Running => (Status.Running, "Running"),
        LabTaskStatus.Waiting => (Status.NeedsPerson, "Waits"),
        LabTaskStatus.Completed => (Status.Done, "Done"),
        LabTaskStatus.Failed => (Status.Failed, "Failed"),
        LabTaskStatus.Dead => (Status.Failed, "Set aside"),
        _ => (Status.Cancelled, "Cancelled"),
    };

    /// <summary>A status as people see it; a queued task whose time has not come is planned.</summary>
    public static (Status Status, string Word) Of(LabTask task, DateTimeOffset now) =>
        task is { Status: LabTaskStatus.Queued, NextRunAt: { } next } && next > now ? (Status.Waiting, task.Attempts > 0 ? "Tries again" : "Planned") : Of(task.Status);

    /// <summary>When it runs, in a sentence.</summary>
    public static string Of(TaskSchedule schedule) => schedule switch
    {
        { Cron: { } cron } => $"{Plain(cron) ?? $"By the expression {cron}"}, by the clock of {schedule.TimeZone}",
        { At: { } at } => $"Once, {At(at, schedule)}",
        _ => "As soon as it is queued",
    };

    /// <summary>A time by the schedule's clock.</summary>
    public static string At(DateTimeOffset at, TaskSchedule schedule) =>
        TimeZoneInfo.ConvertTime(at, schedule.Zone()).ToString("ddd d MMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A simple expression in words; null for others.</summary>
    private static string? Plain(string cron)
    {
        if (TaskTimes.Read(cron) is not { } times)
        {
            return null;
        }

        return times.Every switch
        {
            TaskTimes.Hour => $"Every hour at minute {times.At.Minute:00}",
            TaskTimes.EachDay => $"Every day at {times.At:HH\\:mm}",
            TaskTimes.Weekdays => $"Monday to Friday at {times.At:HH\\:mm}",
            TaskTimes.Week => $"Every {TaskTimes.DayNames[times.Day]} at {times.At:HH\\:mm}",
            _ => $"On day {times.Day} of each month at {times.At:HH\\:mm}",
        };
    }
}

using System.Globalization;
using System.Text.Json;
using AgentLab.Core.Tasks;
using AgentLab.Core.Tasks.Schedules;

namespace AgentLab.Web.Features.Tasks;

/// <summary>A task as a form holds it.</summary>
public sealed class TaskForm
{
    /// <summary>As soon as it is queued.</summary>
    public const string Now = "now";

    /// <summary>Once, at a time.</summary>
    public const string Once = "once";

    /// <summary>Again and again.</summary>
    public const string Repeat = "repeat";

    private const string AgentPrefix = "agent:";
    private const string WorkflowPrefix = "workflow:";
    private const int SecondsPerMinute = 60;

    public string Title { get; set; } = "";

    public string Description { get; set; } = "";

    public int Priority { get; set; } = 3;

    /// <summary><c>agent:ID</c> or <c>workflow:ID</c>.</summary>
    public string Worker { get; set; } = "";

    public string Context { get; set; } = "";

    public string When { get; set; } = Now;

    /// <summary>The one time, by the clock of <see cref="Zone"/>.</summary>
    public DateTime? At { get; set; }

    public string Every { get; set; } = TaskTimes.EachDay;

    /// <summary>The time of day.</summary>
    public TimeOnly Time { get; set; } = new(9, 0);

    public int Weekday { get; set; } = 1;

    public int MonthDay { get; set; } = 1;

    public string Cron { get; set; } = "0 9 * * *";

    public string Zone { get; set; } = "UTC";

    public MissedRun Missed { get; set; }

    /// <summary>The time limit in minutes; blank for the instance's.</summary>
    public string Minutes { get; set; } = "";

    /// <summary>The value of a worker in the form.</summary>
    public static string Value(TaskWorkerKind kind, Guid id) => (kind == TaskWorkerKind.Agent ? AgentPrefix : WorkflowPrefix) + id;

    public static TaskForm From(LabTask task)
    {
        var form = new TaskForm
        {
            Title = task.Title,
            Description = task.Description,
            Priority = task.Priority,
            Worker = Value(task.Worker.Kind, task.Worker.Id),
            Context = task.Context is { } context ? JsonSerializer.Serialize(context, Readable) : "",
            Zone = task.Schedule.TimeZone,
            Missed = task.Schedule.Missed,
            Minutes = ((task.TimeLimit + SecondsPerMinute - 1) / SecondsPerMinute).ToString(CultureInfo.InvariantCulture),
        };
        form.TakeSchedule(task.Schedule);
        return form;
    }

    /// <summary>The definition, or what cannot be read, by field.</summary>
    public (TaskDefinition? Definition, Dictionary<string, string> Faults) Read()
    {
        var faults = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var definition = new TaskDefinition
        {
            Title = Title,
            Description = Description,
            Priority = Priority,
            Agent = Worker.StartsWith(AgentPrefix, StringComparison.Ordinal) ? Worker[AgentPrefix.Length..] : null,
            Workflow = Worker.StartsWith(WorkflowPrefix, StringComparison.Ordinal) ? Worker[WorkflowPrefix.Length..] : null,
            Context = ReadContext(faults),
            Schedule = ReadSchedule(faults),
            TimeLimit = ReadLimit(faults),
        };
        return faults.Count > 0 ? (null, faults) : (definition, faults);
    }

    /// <summary>The schedule as it stands, for the preview; null while it cannot be read.</summary>
    public TaskSchedule? Preview()
    {
        var faults = new Dictionary<string, string>();
        var schedule = ReadSchedule(faults);
        if (faults.Count > 0 || TaskSchedule.FindZone(schedule.TimeZone) is null)
        {
            return null;
        }

        try
        {
            _ = schedule.Cron is null ? null : CronExpression.Parse(schedule.Cron);
            return schedule;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static JsonSerializerOptions Readable { get; } = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private void TakeSchedule(TaskSchedule schedule)
    {
        if (schedule.At is { } at)
        {
            (When, At) = (Once, TimeZoneInfo.ConvertTime(at, schedule.Zone()).DateTime);
        }
        else if (schedule.Cron is { } cron)
        {
            (When, Cron, Every) = (Repeat, cron, TaskTimes.Custom);
            if (TaskTimes.Read(cron) is { } times)
            {
                (Every, Time) = (times.Every, times.At);
                Weekday = times.Every == TaskTimes.Week ? times.Day : Weekday;
                MonthDay = times.Every == TaskTimes.Month ? times.Day : MonthDay;
            }
        }
    }

    private JsonElement? ReadContext(Dictionary<string, string> faults)
    {
        if (string.IsNullOrWhiteSpace(Context))
        {
            return null;
        }

        try
        {
            return JsonElement.Parse(Context);
        }
        catch (JsonException e)
        {
            faults["context"] = $"This is not JSON: line {e.LineNumber + 1}, character {e.BytePositionInLine + 1}.";
            return null;
        }
    }

    private TaskSchedule ReadSchedule(Dictionary<string, string> faults)
    {
        var schedule = new TaskSchedule { TimeZone = Zone.Trim(), Missed = Missed };
        switch (When)
        {
            case Once when At is null:
                faults["schedule.at"] = "Say when: a date and a time.";
                return schedule;
            case Once:
                return schedule with { At = Instant(At!.Value) };
            case Repeat:
                return schedule with { Cron = Every == TaskTimes.Custom ? Cron : new TaskTimes(Every, Time, Every == TaskTimes.Week ? Weekday : MonthDay).ToCron() };
            default:
                return schedule;
        }
    }

    /// <summary>A time that the clock leaves out is that much later; one of two is the first.</summary>
    private DateTimeOffset Instant(DateTime local)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        if (TaskSchedule.FindZone(Zone.Trim()) is not { } zone)
        {
            return new DateTimeOffset(local, TimeSpan.Zero);
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }

    private int? ReadLimit(Dictionary<string, string> faults)
    {
        if (string.IsNullOrWhiteSpace(Minutes))
        {
            return null;
        }

        if (int.TryParse(Minutes, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is >= 1 and <= TaskRules.MostSeconds / SecondsPerMinute)
        {
            return minutes * SecondsPerMinute;
        }

        faults["timeLimit"] = $"The time limit is 1 to {TaskRules.MostSeconds / SecondsPerMinute} minutes, or blank.";
        return null;
    }
}

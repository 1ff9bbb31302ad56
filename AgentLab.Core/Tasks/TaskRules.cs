using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AgentLab.Core.Tasks.Schedules;
using AgentLab.Core.Workflows.Definition.Files;

namespace AgentLab.Core.Tasks;

/// <summary>What a task must be, checked alike for the pages, the API and what workflows queue.</summary>
public static class TaskRules
{
    /// <summary>The shortest title.</summary>
    public const int LeastTitle = 3;

    /// <summary>The longest title.</summary>
    public const int MostTitle = 500;

    /// <summary>The shortest description.</summary>
    public const int LeastDescription = 10;

    /// <summary>The longest description.</summary>
    public const int MostDescription = 10_000;

    /// <summary>The most urgent priority; 1 is the least.</summary>
    public const int MostPriority = 5;

    /// <summary>The largest context, in bytes of UTF-8.</summary>
    public const int MostContext = 16 * 1024;

    /// <summary>The longest time limit: a week.</summary>
    public const int MostSeconds = 7 * 24 * 3600;

    private static readonly TimeSpan Farthest = TimeSpan.FromDays(3660);

    /// <summary>The definition as it is kept: texts without blanks at their ends, nothing null.</summary>
    public static TaskDefinition Clean(TaskDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var schedule = definition.Schedule ?? TaskSchedule.Now;
        return definition with
        {
            Title = Trim(definition.Title),
            Description = Trim(definition.Description).ReplaceLineEndings("\n"),
            Agent = Empty(definition.Agent),
            Workflow = Empty(definition.Workflow),
            Context = definition.Context is { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } ? null : definition.Context,
            Schedule = schedule with { Cron = Empty(schedule.Cron), TimeZone = Empty(schedule.TimeZone) ?? "UTC" },
        };
    }

    /// <summary>Every fault at once, each with its field; empty when the definition is sound.</summary>
    /// <param name="definition">The definition; blanks at the ends of its texts do not count.</param>
    /// <param name="now">The present time: what is scheduled lies behind it.</param>
    public static IReadOnlyList<LabError> Validate(TaskDefinition definition, DateTimeOffset now)
    {
        var clean = Clean(definition);
        var faults = new List<LabError>();
        CheckText(clean.Title, LeastTitle, MostTitle, "title", oneLine: true, faults);
        CheckText(clean.Description, LeastDescription, MostDescription, "description", oneLine: false, faults);
        if (clean.Priority is < 1 or > MostPriority)
        {
            faults.Add(LabError.Invalid("priority", $"The priority is 1 to {MostPriority}; {MostPriority} is the most urgent."));
        }

        if (clean.Agent is null == clean.Workflow is null)
        {
            faults.Add(LabError.Invalid(clean.Agent is null ? "agent" : "workflow", "A task is done by an agent or by a workflow: give one of them."));
        }

        if (clean.TimeLimit is < 1 or > MostSeconds)
        {
            faults.Add(LabError.Invalid("timeLimit", $"The time limit is 1 to {MostSeconds} seconds."));
        }

        CheckContext(clean.Context, faults);
        CheckSchedule(clean.Schedule, now, faults);
        return faults;
    }

    private static void CheckText(string text, int least, int most, string field, bool oneLine, List<LabError> faults)
    {
        if (text.Length < least || text.Length > most)
        {
            faults.Add(LabError.Invalid(field, $"The {field} has {text.Length} characters; {least} to {most} are allowed."));
        }
        else if (!IsSound(text, oneLine))
        {
            faults.Add(LabError.Invalid(field, oneLine ? $"The {field} is one line without control characters." : $"The {field} holds control characters or half a character."));
        }
    }

    private static bool IsSound(string text, bool oneLine)
    {
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var used) != System.Buffers.OperationStatus.Done
                || (Rune.IsControl(rune) && (oneLine || rune.Value is not ('\n' or '\t'))))
            {
                return false;
            }

            rest = rest[used..];
        }

        return true;
    }

    private static void CheckContext(JsonElement? context, List<LabError> faults)
    {
        if (context is not { } value)
        {
            return;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            faults.Add(LabError.Invalid("context", "The context is one JSON object, such as {\"customer\": \"C-17\"}."));
        }
        else if (JsonMarshal.GetRawUtf8Value(value).Length > MostContext)
        {
            faults.Add(LabError.Invalid("context", $"The context is over {MostContext / 1024} KB. Give an address to read from, or less."));
        }
        else if (JsonSoundness.Look(JsonMarshal.GetRawUtf8Value(value)) is { } fault)
        {
            faults.Add(LabError.Invalid("context", $"The context cannot be kept: {fault.Message}"));
        }
    }

    private static void CheckSchedule(TaskSchedule schedule, DateTimeOffset now, List<LabError> faults)
    {
        if (!Enum.IsDefined(schedule.Missed))
        {
            faults.Add(LabError.Invalid("schedule.missed", "Missed runs are skipped (skip) or made up for by one (runOnce)."));
        }

        if (TaskSchedule.FindZone(schedule.TimeZone) is not { } zone)
        {
            faults.Add(LabError.Invalid("schedule.timeZone", "The time zone is an IANA name such as Europe/Berlin or UTC."));
            return;
        }

        if (schedule is { At: not null, Cron: not null })
        {
            faults.Add(LabError.Invalid("schedule.cron", "A task runs once at a time or by a cron expression: give one of them."));
        }
        else if (schedule.At is { } at && at > now + Farthest)
        {
            faults.Add(LabError.Invalid("schedule.at", "The time lies over ten years ahead."));
        }
        else if (schedule.Cron is { } cron)
        {
            CheckCron(cron, zone, now, faults);
        }
    }

    private static void CheckCron(string cron, TimeZoneInfo zone, DateTimeOffset now, List<LabError> faults)
    {
        try
        {
            if (CronExpression.Parse(cron).Next(now, zone) is null)
            {
                faults.Add(LabError.Invalid("schedule.cron", "No day fits this cron expression."));
            }
        }
        catch (FormatException e)
        {
            faults.Add(LabError.Invalid("schedule.cron", e.Message));
        }
    }

    private static string Trim(string? text) => text?.Trim() ?? string.Empty;

    private static string? Empty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

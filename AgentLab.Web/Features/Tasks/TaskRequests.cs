using System.Text.Json;
using AgentLab.Core.Tasks;
using AgentLab.Core.Tasks.Schedules;

namespace AgentLab.Web.Features.Tasks;

/// <summary>A task as it shall be.</summary>
internal sealed record TaskRequest
{
    /// <summary>What it is called, 3 to 500 characters on one line.</summary>
    public string? Title { get; init; }

    /// <summary>What is to be done, 10 to 10,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>1 to 5; 5 is the most urgent. Default: 1.</summary>
    public int? Priority { get; init; }

    /// <summary>The id or slug of the agent that does it.</summary>
    public string? Agent { get; init; }

    /// <summary>The id or slug of the published workflow that does it, in place of an agent.</summary>
    public string? Workflow { get; init; }

    /// <summary>The project. Default: the default one.</summary>
    public Guid? Project { get; init; }

    /// <summary>What else the worker needs to know: one JSON object, at most 16 KB. A workflow gets its members as input.</summary>
    public JsonElement? Context { get; init; }

    /// <summary>When it runs. Default: as soon as it is queued.</summary>
    public TaskScheduleRequest? Schedule { get; init; }

    /// <summary>How long one attempt may be going on, in seconds, 1 to 604,800. Default: the instance's.</summary>
    public int? TimeLimit { get; init; }

    /// <summary>True to write it down without queueing it. Only when making a task.</summary>
    public bool? Draft { get; init; }

    /// <summary>The version that was edited. Only when changing a task.</summary>
    public int? Version { get; init; }

    public TaskDefinition ToDefinition() => new()
    {
        Title = Title ?? string.Empty,
        Description = Description ?? string.Empty,
        Priority = Priority ?? 1,
        Agent = Agent,
        Workflow = Workflow,
        ProjectId = Project,
        Context = Context,
        Schedule = Schedule?.ToSchedule() ?? TaskSchedule.Now,
        TimeLimit = TimeLimit,
    };
}

/// <summary>When a task runs: once at a time, or again and again; neither is at once.</summary>
internal sealed record TaskScheduleRequest
{
    /// <summary>The one time at which it runs. One that has passed is now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>A cron expression of five fields: minute, hour, day of the month, month, day of the week.</summary>
    public string? Cron { get; init; }

    /// <summary>The time zone of the expression, an IANA name. Default: UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>What becomes of runs that were missed: <c>runOnce</c> (one makes up for all) or <c>skip</c>. Default: runOnce.</summary>
    public MissedRun? Missed { get; init; }

    public TaskSchedule ToSchedule() => new() { At = At, Cron = Cron, TimeZone = TimeZone ?? "UTC", Missed = Missed ?? MissedRun.RunOnce };
}

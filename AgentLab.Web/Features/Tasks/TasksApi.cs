using AgentLab.Core;
using AgentLab.Core.Tasks;
using AgentLab.Core.Tasks.Schedules;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Hosting.Problems;
using AgentLab.Web.Hosting.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentLab.Web.Features.Tasks;

/// <summary><c>/api/v1/tasks</c>: work that is queued for agents and workflows.</summary>
internal static class TasksApi
{
    private const int MostTimes = 20;
    private const int UsualTimes = 5;

    public static RouteGroupBuilder MapTasksApi(this RouteGroupBuilder api)
    {
        var tasks = api.MapGroup("/tasks").WithTags("Tasks");
        tasks.MapGet("/", ListAsync).WithName("ListTasks");
        tasks.MapPost("/", CreateAsync).WithName("CreateTask").DescribesIdempotencyKey().RequireRateLimiting(RateLimitPolicies.Runs);
        tasks.MapGet("/counts", CountAsync).WithName("CountTasks");
        tasks.MapGet("/next-runs", NextRuns).WithName("PreviewTaskSchedule");
        var task = tasks.MapGroup("/{task:guid}");
        task.MapGet("/", GetAsync).WithName("GetTask");
        task.MapPut("/", ReplaceAsync).WithName("ReplaceTask");
        task.MapDelete("/", DeleteAsync).WithName("DeleteTask");
        task.MapGet("/attempts", AttemptsAsync).WithName("ListTaskAttempts");
        task.MapPost("/queue", QueueAsync).WithName("QueueTask").WithIdempotencyKey();
        task.MapPost("/run", RunAsync).WithName("RunTask").WithIdempotencyKey().RequireRateLimiting(RateLimitPolicies.Runs);
        task.MapPost("/cancel", CancelAsync).WithName("CancelTask").WithIdempotencyKey();
        task.MapPost("/retry", RetryAsync).WithName("RetryTask").WithIdempotencyKey().RequireRateLimiting(RateLimitPolicies.Runs);
        return api;
    }

    /// <summary>Lists tasks</summary>
    /// <remarks>Your own, or everybody's for administrators; the newest first.</remarks>
    /// <param name="caller">Who asks.</param>
    /// <param name="tasks">The tasks.</param>
    /// <param name="status">Only tasks that stand like this: draft, queued, running, waiting, completed, failed, cancelled, dead.</param>
    /// <param name="agent">Only tasks of this agent, by its id.</param>
    /// <param name="workflow">Only tasks of this workflow, by its id.</param>
    /// <param name="project">Only tasks of this project.</param>
    /// <param name="priority">Only tasks of this priority, 1 to 5.</param>
    /// <param name="repeats">Only tasks that run again and again (true) or do not (false).</param>
    /// <param name="q">Only tasks whose title contains this text.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before.</param>
    /// <param name="limit">How many, 1 to 100. Default: 20.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<Ok<PageResponse<TaskResponse>>, ProblemHttpResult>> ListAsync(
        Caller caller, ITasks tasks, string? status, Guid? agent, Guid? workflow, Guid? project, int? priority, bool? repeats, string? q, string? cursor, int? limit,
        CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var query = new TaskQuery
        {
            Status = checks.Word<LabTaskStatus>("status", status),
            Worker = agent ?? workflow,
            ProjectId = project,
            Priority = priority is { } number ? checks.Within("priority", number, 1, TaskRules.MostPriority) : null,
            Repeats = repeats,
            Text = q,
            Cursor = cursor,
            Limit = checks.Limit(limit),
        };
        if (agent is not null && workflow is not null)
        {
            checks.Add("workflow", "A task is done by an agent or by a workflow: ask for one of them.");
        }

        return checks.Ok ? await tasks.ListAsync(query, caller.Actor, cancellationToken).AnswerAsync(TaskResponse.Of) : ErrorTable.Invalid(checks.Errors);
    }

    /// <summary>Makes a task</summary>
    /// <remarks>For editors. It is queued by its schedule at once, unless <c>draft</c> is true. The run begins when the limits allow it; read <c>sessionId</c> to follow it.</remarks>
    public static async Task<Results<Created<TaskResponse>, ProblemHttpResult>> CreateAsync(
        Caller caller, TaskRequest body, ITasks tasks, HttpRequest request, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var key = checks.Key(request);
        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        var outcome = await tasks.CreateAsync(body.ToDefinition() with { Key = key }, body.Draft != true, caller.Actor, cancellationToken);
        return outcome.Ok ? TypedResults.Created($"/api/v1/tasks/{outcome.Value.Id}", TaskResponse.Of(outcome.Value)) : ErrorTable.Problem(outcome.Errors);
    }

    /// <summary>Counts tasks by status</summary>
    /// <remarks>Your own, or everybody's for administrators. Every status is named, also those without a task.</remarks>
    public static async Task<Ok<Dictionary<string, int>>> CountAsync(Caller caller, ITasks tasks, CancellationToken cancellationToken)
    {
        var counts = await tasks.CountAsync(caller.Actor, cancellationToken);
        return TypedResults.Ok(Enum.GetValues<LabTaskStatus>().ToDictionary(TaskWords.Code, status => counts.GetValueOrDefault(status)));
    }

    /// <summary>Says when a schedule would run</summary>
    /// <param name="clock">The present time.</param>
    /// <param name="cron">A cron expression of five fields.</param>
    /// <param name="timeZone">An IANA name. Default: UTC.</param>
    /// <param name="count">How many times, 1 to 20. Default: 5.</param>
    public static Results<Ok<NextRunsResponse>, ProblemHttpResult> NextRuns(TimeProvider clock, string? cron, string? timeZone, int? count)
    {
        var checks = new RequestChecks();
        var times = checks.Within("count", count ?? UsualTimes, 1, MostTimes);
        var schedule = new TaskSchedule { Cron = cron ?? string.Empty, TimeZone = timeZone ?? "UTC" };
        if (TaskSchedule.FindZone(schedule.TimeZone) is null)
        {
            checks.Add("timeZone", "The time zone is an IANA name such as Europe/Berlin or UTC.");
        }

        try
        {
            CronExpression.Parse(schedule.Cron);
        }
        catch (FormatException e)
        {
            checks.Add("cron", e.Message);
        }

        return checks.Ok ? TypedResults.Ok(new NextRunsResponse { Times = schedule.NextRuns(clock.GetUtcNow(), times) }) : ErrorTable.Invalid(checks.Errors);
    }

    /// <summary>Reads a task</summary>
    public static async Task<Results<Ok<TaskResponse>, ProblemHttpResult>> GetAsync(Guid task, Caller caller, ITasks tasks, CancellationToken cancellationToken) =>
        await tasks.FindAsync(task, caller.Actor, cancellationToken) is { } found ? TypedResults.Ok(TaskResponse.Of(found)) : Missing();

    /// <summary>Changes a task</summary>
    /// <remarks>For its owner and administrators, while it is not going on. <c>version</c> is the one that was edited; a later one by now is 409.</remarks>
    public static Task<Results<Ok<TaskResponse>, ProblemHttpResult>> ReplaceAsync(Guid task, Caller caller, TaskRequest body, ITasks tasks, CancellationToken cancellationToken) =>
        body.Version is { } version
            ? AnswerAsync(tasks.EditAsync(task, version, body.ToDefinition(), caller.Actor, cancellationToken))
            : Task.FromResult<Results<Ok<TaskResponse>, ProblemHttpResult>>(ErrorTable.Invalid("version", "Give the version that was edited, as the task was read."));

    /// <summary>Deletes a task</summary>
    /// <remarks>While it is not going on. The sessions of its attempts stay.</remarks>
    public static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid task, Caller caller, ITasks tasks, CancellationToken cancellationToken)
    {
        var outcome = await tasks.DeleteAsync(task, caller.Actor, cancellationToken);
        return outcome.Ok ? TypedResults.NoContent() : ErrorTable.Problem(outcome.Errors);
    }

    /// <summary>Lists a task's attempts</summary>
    /// <remarks>The newest first, at most 100. Each is one run with a session of its own.</remarks>
    public static async Task<Results<Ok<PageResponse<TaskAttemptResponse>>, ProblemHttpResult>> AttemptsAsync(
        Guid task, Caller caller, ITasks tasks, CancellationToken cancellationToken) =>
        await tasks.AttemptsAsync(task, caller.Actor, cancellationToken) is { } attempts
            ? TypedResults.Ok(new PageResponse<TaskAttemptResponse> { Items = [.. attempts.Select(TaskAttemptResponse.Of)], NextCursor = null })
            : Missing();

    /// <summary>Queues a task by its schedule</summary>
    /// <remarks>A draft, or one that is over. One that is queued already stays where it is.</remarks>
    public static Task<Results<Ok<TaskResponse>, ProblemHttpResult>> QueueAsync(Guid task, Caller caller, ITasks tasks, CancellationToken cancellationToken) =>
        AnswerAsync(tasks.QueueAsync(task, caller.Actor, cancellationToken));

    /// <summary>Runs a task now</summary>
    /// <remarks>As soon as the limits allow it, whatever its schedule says; the schedule goes on afterwards.</remarks>
    public static Task<Results<Ok<TaskResponse>, ProblemHttpResult>> RunAsync(Guid task, Caller caller, ITasks tasks, CancellationToken cancellationToken) =>
        AnswerAsync(tasks.RunAsync(task, caller.Actor, cancellationToken));

    /// <summary>Cancels a task</summary>
    /// <remarks>It leaves the queue and its schedule. A run that is going on is stopped; the task is cancelled as soon as that run has ended.</remarks>
    public static Task<Results<Ok<TaskResponse>, ProblemHttpResult>> CancelAsync(Guid task, Caller caller, ITasks tasks, CancellationToken cancellationToken) =>
        AnswerAsync(tasks.CancelAsync(task, caller.Actor, cancellationToken));

    /// <summary>Tries a task again</summary>
    /// <remarks>One that failed, was set aside or was cancelled; it has all its tries again.</remarks>
    public static Task<Results<Ok<TaskResponse>, ProblemHttpResult>> RetryAsync(Guid task, Caller caller, ITasks tasks, CancellationToken cancellationToken) =>
        AnswerAsync(tasks.RetryAsync(task, caller.Actor, cancellationToken));

    private static async Task<Results<Ok<TaskResponse>, ProblemHttpResult>> AnswerAsync(Task<Outcome<LabTask>> changing)
    {
        var outcome = await changing;
        return outcome.Ok ? TypedResults.Ok(TaskResponse.Of(outcome.Value)) : ErrorTable.Problem(outcome.Errors);
    }

    private static ProblemHttpResult Missing() => ErrorTable.Problem([LabError.NotFound("task")]);
}

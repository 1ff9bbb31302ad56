using System.Text.Json;
using AgentLab.Core;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Hosting.Problems;
using AgentLab.Web.Hosting.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AgentLab.Web.Features.Workflows;

/// <summary><c>/api/v1/workflows/{workflow}/runs</c> and <c>/api/v1/runs</c>: starting, reading and cancelling runs.</summary>
internal static class WorkflowRunsApi
{
    private const int MaxWaitSeconds = 30;
    private static readonly JsonElement EmptyObject = JsonElement.Parse("{}");

    public static RouteGroupBuilder MapWorkflowRunsApi(this RouteGroupBuilder api)
    {
        api.MapPost("/workflows/{workflow}/runs", StartAsync).WithTags("Runs").WithName("StartWorkflowRun").DescribesIdempotencyKey()
            .RequireRateLimiting(RateLimitPolicies.Runs);
        api.MapGet("/workflows/{workflow}/runs", ListAsync).WithTags("Runs").WithName("ListWorkflowRuns");
        var run = api.MapGroup("/runs/{run:guid}").WithTags("Runs");
        run.MapGet("/", GetAsync).WithName("GetRun");
        run.MapPost("/cancel", CancelAsync).WithName("CancelRun");
        run.MapGet("/nodes", RunNodesApi.ListAsync).WithName("ListRunNodes");
        return api;
    }

    /// <summary>Starts a run of a workflow</summary>
    /// <remarks>With <c>wait</c> the call stays until the run has answered, ended or come to wait: 200 with its output once it has answered or ended, 202 while it goes on. Input that the workflow's schema does not allow is 400, naming each field.</remarks>
    /// <param name="workflow">The workflow's id or slug.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="body">The input.</param>
    /// <param name="runs">Starts runs.</param>
    /// <param name="request">The request.</param>
    /// <param name="wait">How many seconds to wait, 0 to 30. Default: 0.</param>
    /// <param name="cancellationToken">Ends the call; the run goes on.</param>
    public static async Task<Results<Ok<RunResponse>, Accepted<RunResponse>, ProblemHttpResult>> StartAsync(
        string workflow, Caller caller, StartRunRequest? body, IWorkflowRuns runs, HttpRequest request, int? wait, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var seconds = checks.Within("wait", wait ?? 0, 0, MaxWaitSeconds);
        var command = new StartWorkflowRun
        {
            Workflow = workflow,
            Version = body?.Version,
            Input = body?.Input ?? EmptyObject,
            DryRun = body?.DryRun ?? false,
            Trigger = "api",
            Key = checks.Key(request),
        };
        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        var outcome = await runs.StartAsync(command, caller.Actor, cancellationToken);
        if (!outcome.Ok)
        {
            return ErrorTable.Problem(outcome.Errors);
        }

        var state = await runs.WaitAsync(outcome.Value, TimeSpan.FromSeconds(seconds), cancellationToken);
        var answer = RunResponse.Of(state);
        return answer.HasAnswered ? TypedResults.Ok(answer) : TypedResults.Accepted($"/api/v1/runs/{answer.RunId}", answer);
    }

    /// <summary>Lists the runs of a workflow</summary>
    /// <remarks>Newest first: those that you started, everyone's for administrators.</remarks>
    /// <param name="workflow">The workflow's id or slug.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="store">The workflows.</param>
    /// <param name="status">Only this status: running, waiting, completed, failed or cancelled.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before.</param>
    /// <param name="limit">How many, 1 to 100. Default: 20.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<Ok<PageResponse<WorkflowRunListItem>>, ProblemHttpResult>> ListAsync(
        string workflow, Caller caller, IWorkflowStore store, string? status, string? cursor, int? limit, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var word = checks.Word<RunWord>("status", status);
        var size = checks.Limit(limit);
        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        if (await store.FindAsync(workflow, caller.Actor, cancellationToken) is not { } found)
        {
            return WorkflowAnswers.Missing();
        }

        var query = new WorkflowRunQuery { Workflow = found.Id, Status = word?.ToString().ToLowerInvariant(), Cursor = cursor, Limit = size };
        return await store.RunsAsync(query, caller.Actor, cancellationToken).AnswerAsync(WorkflowRunListItem.Of);
    }

    /// <summary>Reads how a run stands</summary>
    /// <remarks>Everything that happened in it is in its session: <c>GET /api/v1/sessions/{sessionId}/events</c>. What its steps wait for stands in <c>waits</c>.</remarks>
    public static async Task<Results<Ok<RunResponse>, ProblemHttpResult>> GetAsync(
        [FromRoute] Guid run, Caller caller, IWorkflowRuns runs, IRunWaits waits, IWaitKeys keys, CancellationToken cancellationToken)
    {
        if (await runs.FindAsync(new RunId(run), caller.Actor, cancellationToken) is not { } state)
        {
            return ErrorTable.Problem([LabError.NotFound("run")]);
        }

        var open = state.EndedAt is null ? await waits.OfRunAsync(state.RunId, cancellationToken) : [];
        return TypedResults.Ok(RunResponse.Of(state) with { Waits = [.. open.Select(wait => RunWaitItem.Of(wait, keys))] });
    }

    /// <summary>Cancels a run</summary>
    /// <remarks>Nodes that are running are told at once; nothing further starts. It ends with <c>run.cancelled</c> soon after.</remarks>
    public static async Task<Results<Accepted<RunResponse>, ProblemHttpResult>> CancelAsync(
        [FromRoute] Guid run, Caller caller, IWorkflowRuns runs, CancellationToken cancellationToken)
    {
        var outcome = await runs.CancelAsync(new RunId(run), caller.Actor, cancellationToken);
        return outcome.Ok ? TypedResults.Accepted($"/api/v1/runs/{run}", RunResponse.Of(outcome.Value)) : ErrorTable.Problem(outcome.Errors);
    }

    private enum RunWord
    {
        Running,
        Waiting,
        Completed,
        Failed,
        Cancelled,
    }
}

/// <summary>Start a run.</summary>
internal sealed record StartRunRequest
{
    /// <summary>The input, checked against the workflow's schema. Default: an empty object.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>A published version. Default: the newest.</summary>
    public int? Version { get; init; }

    /// <summary>Pinned outputs stand in for their nodes, and effects outside are described, not done. Default: false.</summary>
    public bool? DryRun { get; init; }
}

/// <summary>How a run stands.</summary>
internal sealed record RunResponse
{
    /// <summary>The run's id.</summary>
    public required Guid RunId { get; init; }

    /// <summary>Its session, whose events tell all of it.</summary>
    public required string SessionId { get; init; }

    /// <summary>running, waiting, completed, failed or cancelled.</summary>
    public required string Status { get; init; }

    /// <summary>What it answered; null before.</summary>
    public required JsonElement? Output { get; init; }

    /// <summary>Why it failed.</summary>
    public required RunErrorItem? Error { get; init; }

    /// <summary>The workflow, its version (0 for a draft or a file) and its name then.</summary>
    public required WorkflowReference Workflow { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset? EndedAt { get; init; }

    /// <summary>What its steps wait for, oldest first; null where this is not told.</summary>
    public IReadOnlyList<RunWaitItem>? Waits { get; init; }

    /// <summary>Whether there is nothing left to wait for.</summary>
    internal bool HasAnswered { get; private init; }

    public static RunResponse Of(WorkflowRunState state) => new()
    {
        RunId = state.RunId.Value,
        SessionId = state.SessionId.Value,
        Status = state.Status,
        Output = state.Output,
        Error = state.Error is { } error ? new RunErrorItem(error.Code, error.Message, error.CanRetry) : null,
        Workflow = state.Workflow,
        StartedAt = state.StartedAt,
        EndedAt = state.EndedAt,
        HasAnswered = state.EndedAt is not null || state.Output is not null || state.Response is not null,
    };
}

/// <summary>What a step of a run waits for.</summary>
/// <param name="StepId">The step.</param>
/// <param name="Kind">timer, webhook, approval, form or retry.</param>
/// <param name="Since">When it began to wait.</param>
/// <param name="DueAt">When the wait ends by itself; null for never.</param>
/// <param name="Approval">The question to answer: <c>POST /api/v1/approvals/{id}</c>.</param>
/// <param name="Address">Where a request ends the wait; whoever has it can do so.</param>
internal sealed record RunWaitItem(string StepId, string Kind, DateTimeOffset Since, DateTimeOffset? DueAt, Guid? Approval, string? Address)
{
    public static RunWaitItem Of(RunWait wait, IWaitKeys keys) => new(
        wait.StepId, wait.Kind, wait.Since, wait.DueAt, wait.ApprovalId, wait.KeyHash is null ? null : $"/hooks/wait/{keys.Of(wait.RunId, wait.StepId)}");
}

/// <summary>Why a run failed.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Message">A sentence.</param>
/// <param name="CanRetry">Whether another run can succeed without a change.</param>
internal sealed record RunErrorItem(string Code, string Message, bool CanRetry);

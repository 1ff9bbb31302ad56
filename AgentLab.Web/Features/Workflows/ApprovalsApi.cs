using System.Globalization;
using System.Text.Json;
using AgentLab.Core;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AgentLab.Web.Features.Workflows;

/// <summary><c>/api/v1/approvals</c>: what runs ask of people. A question is the run's owner's and the administrators'.</summary>
internal static class ApprovalsApi
{
    /// <summary>More open questions than anybody answers by hand; older ones come first.</summary>
    private const int MostOpen = 1000;

    private static readonly string[] Asked = [EventCatalog.Of<ApprovalRequested>().Type];

    public static RouteGroupBuilder MapApprovalsApi(this RouteGroupBuilder api)
    {
        var approvals = api.MapGroup("/approvals").WithTags("Approvals");
        approvals.MapGet("/", ListAsync).WithName("ListApprovals");
        approvals.MapGet("/{approval:guid}", GetAsync).WithName("GetApproval");
        approvals.MapPost("/{approval:guid}", DecideAsync).WithName("DecideApproval");
        return api;
    }

    /// <summary>Lists open questions</summary>
    /// <remarks>Oldest first: those of your runs, everyone's for administrators. Answered ones are in their session's events.</remarks>
    /// <param name="caller">Who asks.</param>
    /// <param name="waits">What runs wait for.</param>
    /// <param name="reader">Reads events.</param>
    /// <param name="status">pending, the default.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before.</param>
    /// <param name="limit">How many, 1 to 100. Default: 20.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<Ok<PageResponse<ApprovalResponse>>, ProblemHttpResult>> ListAsync(
        Caller caller, IRunWaits waits, ISessionReader reader, string? status, string? cursor, int? limit, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        checks.Word<ApprovalWord>("status", status);
        var size = checks.Limit(limit);
        var after = Position(cursor, checks);
        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        var open = await waits.QuestionsAsync(caller.Actor.IsAdministrator ? null : caller.Actor.UserId, MostOpen, cancellationToken);
        var rest = open.OrderBy(Position).Where(wait => after is null || Position(wait).CompareTo(after.Value) > 0).Take(size + 1).ToList();
        var items = new List<ApprovalResponse>();
        foreach (var wait in rest.Take(size))
        {
            if (await ReadAsync(reader, wait, cancellationToken) is { } item)
            {
                items.Add(item);
            }
        }

        return TypedResults.Ok(new PageResponse<ApprovalResponse> { Items = items, NextCursor = rest.Count > size ? Cursor(rest[size - 1]) : null });
    }

    /// <summary>Reads an open question</summary>
    public static async Task<Results<Ok<ApprovalResponse>, ProblemHttpResult>> GetAsync(
        [FromRoute] Guid approval, Caller caller, IRunWaits waits, ISessionReader reader, CancellationToken cancellationToken) =>
        await waits.FindByApprovalAsync(approval, cancellationToken) is { } wait && caller.Actor.Owns(wait.OwnerId)
        && await ReadAsync(reader, wait, cancellationToken) is { } item
            ? TypedResults.Ok(item)
            : ErrorTable.Problem([LabError.NotFound("approval")]);

    /// <summary>Answers a question</summary>
    /// <remarks>The hash is that of the details that were looked at; when they are others by now, the answer is 409 <c>approval_changed</c>. Each question is answered once.</remarks>
    public static async Task<Results<Ok<RunResponse>, ProblemHttpResult>> DecideAsync(
        [FromRoute] Guid approval, Caller caller, ApprovalAnswerRequest body, IWorkflowRuns runs, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        if (body.Approved is null)
        {
            checks.Add("approved", "Say true or false.");
        }

        if (string.IsNullOrEmpty(body.Hash))
        {
            checks.Add("hash", "Give the hash of the question that was looked at.");
        }

        if (body.Reason is { Length: > 1000 } reason)
        {
            checks.Add("reason", $"At most 1,000 characters; there are {reason.Length}.");
        }

        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        var answer = new ApprovalAnswer(approval, body.Approved!.Value, body.Hash!, body.Data, body.Reason);
        var outcome = await runs.DecideAsync(answer, caller.Actor, cancellationToken);
        return outcome.Ok ? TypedResults.Ok(RunResponse.Of(outcome.Value)) : ErrorTable.Problem(outcome.Errors);
    }

    private static async ValueTask<ApprovalResponse?> ReadAsync(ISessionReader reader, RunWait wait, CancellationToken cancellationToken)
    {
        // The newest are the likely ones; an earlier question of the same run was answered.
        var events = await reader.ReadAsync(wait.SessionId, 0, long.MaxValue, 1000, Asked, descending: true, cancellationToken);
        var asked = events.Select(e => e.Data).OfType<ApprovalRequested>().FirstOrDefault(question => question.ApprovalId == wait.ApprovalId);
        if (asked is null)
        {
            return null;
        }

        var details = asked.Details?.Value;
        if (asked.Details?.Blob is { } hash && await reader.BlobAsync(wait.SessionId, hash, cancellationToken) is { } blob)
        {
            details = JsonElement.Parse(blob.Content.Span);
        }

        return new ApprovalResponse
        {
            Id = asked.ApprovalId,
            Kind = asked.Kind,
            Title = asked.Title,
            Message = asked.Message,
            Details = details,
            Hash = asked.Hash,
            Form = asked.Form,
            AskedAt = wait.Since,
            ExpiresAt = asked.ExpiresAt,
            RunId = wait.RunId.Value,
            SessionId = wait.SessionId.Value,
            StepId = wait.StepId,
        };
    }

    private static (long At, Guid Id) Position(RunWait wait) => (wait.Since.UtcTicks, wait.ApprovalId ?? Guid.Empty);

    private static string Cursor(RunWait wait) => string.Create(CultureInfo.InvariantCulture, $"{wait.Since.UtcTicks}.{wait.ApprovalId:N}");

    private static (long At, Guid Id)? Position(string? cursor, RequestChecks checks)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }

        if (cursor.Split('.') is [var ticks, var id]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && Guid.TryParseExact(id, "N", out var approval))
        {
            return (at, approval);
        }

        checks.Add("cursor", Paging.NotACursor);
        return null;
    }

    private enum ApprovalWord
    {
        Pending,
    }
}

/// <summary>Answer a question.</summary>
internal sealed record ApprovalAnswerRequest
{
    /// <summary>Yes, or the form is submitted; no otherwise.</summary>
    public bool? Approved { get; init; }

    /// <summary>The hash of the question that was looked at.</summary>
    public string? Hash { get; init; }

    /// <summary>The form's values, or the details as edited.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Why, at most 1,000 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary>A question of a run.</summary>
internal sealed record ApprovalResponse
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>approval (yes or no) or form.</summary>
    public required string Kind { get; init; }

    /// <summary>One line.</summary>
    public required string Title { get; init; }

    /// <summary>Markdown.</summary>
    public required string Message { get; init; }

    /// <summary>The value that is approved.</summary>
    public required JsonElement? Details { get; init; }

    /// <summary>What an answer must name.</summary>
    public required string Hash { get; init; }

    /// <summary>JSON Schema of what is filled in.</summary>
    public required JsonElement? Form { get; init; }

    /// <summary>When it was asked.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>When it can no longer be answered; null for never.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The run that asks.</summary>
    public required Guid RunId { get; init; }

    /// <summary>Its session.</summary>
    public required string SessionId { get; init; }

    /// <summary>The step that waits.</summary>
    public required string StepId { get; init; }
}

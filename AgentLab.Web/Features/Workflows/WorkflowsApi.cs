using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentLab.Core;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Features.Workflows.Builder;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AgentLab.Web.Features.Workflows;

/// <summary><c>/api/v1/workflows</c>: workflows and their drafts. Versions are in <see cref="WorkflowVersionsApi"/>, runs in <c>WorkflowRunsApi</c>.</summary>
internal static class WorkflowsApi
{
    /// <summary>The most bytes of a definition.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>What a request adds round its definition.</summary>
    private const int WrapperBytes = 4 * 1024;

    private const int MostCopies = 20;
    private const int NameLength = 100;

    public static RouteGroupBuilder MapWorkflowsApi(this RouteGroupBuilder api)
    {
        var large = new RequestSizeLimitAttribute(MaxBytes + WrapperBytes);
        var workflows = api.MapGroup("/workflows").WithTags("Workflows");
        workflows.MapGet("/", ListAsync).WithName("ListWorkflows");
        workflows.MapPost("/", CreateAsync).WithName("CreateWorkflow").WithIdempotencyKey().WithMetadata(large);
        workflows.MapPost("/import", ImportAsync).WithName("ImportWorkflow").WithIdempotencyKey().WithMetadata(large);
        workflows.MapGet("/{workflow}", GetAsync).WithName("GetWorkflow");
        workflows.MapPut("/{workflow}", ReplaceAsync).WithName("ReplaceWorkflow").WithMetadata(large);
        workflows.MapDelete("/{workflow}", DeleteAsync).WithName("DeleteWorkflow");
        workflows.MapGet("/{workflow}/export", ExportAsync).WithName("ExportWorkflow").Produces<JsonElement>();
        workflows.MapPost("/{workflow}/duplicate", DuplicateAsync).WithName("DuplicateWorkflow").WithIdempotencyKey();
        workflows.MapPost("/{workflow}/active", SetActiveAsync).WithName("SetWorkflowActive");
        workflows.MapPost("/{workflow}/offered", SetOfferedAsync).WithName("SetWorkflowOffered");
        workflows.MapWorkflowVersionsApi();
        workflows.MapWorkflowBuilderApi();
        return api;
    }

    /// <summary>Lists workflows</summary>
    /// <remarks>Most recently changed first: yours, and those of others that are published.</remarks>
    /// <param name="caller">Who asks.</param>
    /// <param name="store">The workflows.</param>
    /// <param name="q">Only workflows whose name contains this text.</param>
    /// <param name="tag">Only workflows with this tag.</param>
    /// <param name="project">Only this project's: its id.</param>
    /// <param name="offered">true for those only that are offered in the gallery.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before.</param>
    /// <param name="limit">How many, 1 to 100. Default: 20.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<Ok<PageResponse<WorkflowSummaryResponse>>, ProblemHttpResult>> ListAsync(
        Caller caller, IWorkflowStore store, string? q, string? tag, Guid? project, bool? offered, string? cursor, int? limit, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var query = new WorkflowQuery { Text = q, Tag = tag, ProjectId = project, Offered = offered is true, Cursor = cursor, Limit = checks.Limit(limit) };
        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        return await store.ListAsync(query, caller.Actor, cancellationToken).AnswerAsync(WorkflowSummaryResponse.Of);
    }

    /// <summary>Makes a workflow</summary>
    /// <remarks>With a definition, or empty with a name. It begins as a draft; publish it to let others see it and its triggers start it.</remarks>
    public static async Task<Results<Created<WorkflowDetailResponse>, ProblemHttpResult>> CreateAsync(
        Caller caller, CreateWorkflowRequest body, IWorkflowStore store, IWorkflowFiles files, WorkflowAnswers answers, CancellationToken cancellationToken)
    {
        var definition = body.Definition is { ValueKind: not JsonValueKind.Null } given
            ? files.Read(given.GetRawText())
            : Outcome<WorkflowDefinition>.Success(new WorkflowDefinition { Name = body.Name ?? string.Empty });
        return definition.Ok
            ? answers.Created(await store.CreateAsync(definition.Value, caller.Actor, cancellationToken))
            : ErrorTable.Problem(definition.Errors);
    }

    /// <summary>Makes a workflow from an exported file</summary>
    /// <remarks>The body is the file, at most 4 MB. Unknown kinds of nodes are refused by name; nothing of a refused file is kept. <c>problems</c> names what is to be mended, also values that look like pasted keys (<c>secret_pasted</c>).</remarks>
    /// <param name="caller">Who asks.</param>
    /// <param name="body">The file.</param>
    /// <param name="store">The workflows.</param>
    /// <param name="files">Reads files.</param>
    /// <param name="answers">Makes the answer.</param>
    /// <param name="name">Another name for it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<Created<WorkflowDetailResponse>, ProblemHttpResult>> ImportAsync(
        Caller caller, [FromBody] JsonElement body, IWorkflowStore store, IWorkflowFiles files, WorkflowAnswers answers, string? name, CancellationToken cancellationToken)
    {
        var definition = files.Read(body.GetRawText());
        if (!definition.Ok)
        {
            return ErrorTable.Problem(definition.Errors);
        }

        var named = string.IsNullOrWhiteSpace(name) ? definition.Value : definition.Value with { Name = name };
        return answers.Created(await store.CreateAsync(named, caller.Actor, cancellationToken));
    }

    /// <summary>Reads a workflow with its draft</summary>
    /// <param name="workflow">The workflow's id or slug.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="store">The workflows.</param>
    /// <param name="answers">Makes the answer.</param>
    /// <param name="response">The response.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<Ok<WorkflowDetailResponse>, ProblemHttpResult>> GetAsync(
        string workflow, Caller caller, IWorkflowStore store, WorkflowAnswers answers, HttpResponse response, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(workflow, caller.Actor, cancellationToken) is not { } found)
        {
            return WorkflowAnswers.Missing();
        }

        response.Headers.ETag = $"\"{found.Revision.ToString(CultureInfo.InvariantCulture)}\"";
        return TypedResults.Ok(answers.Detail(found));
    }

    /// <summary>Puts a definition in the draft's place</summary>
    /// <remarks>Give the revision that was edited, in the body or as <c>If-Match</c>; when the draft is at another one by now, the answer is 409 <c>edit_conflict</c> with what changed meanwhile, and nothing is overwritten.</remarks>
    public static async Task<Results<Ok<WorkflowDetailResponse>, ProblemHttpResult>> ReplaceAsync(
        string workflow, Caller caller, ReplaceWorkflowRequest body, IWorkflowStore store, IWorkflowFiles files, WorkflowAnswers answers, HttpRequest request,
        CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var revision = body.Revision ?? RevisionOf(request.Headers.IfMatch);
        if (revision is null)
        {
            checks.Add("revision", "Give the revision that was edited, as revision or as If-Match: \"3\".");
        }

        if (body.Definition is not { ValueKind: not JsonValueKind.Null } given)
        {
            checks.Add("definition", "Give the whole definition.");
            return ErrorTable.Invalid(checks.Errors);
        }

        var definition = files.Read(given.GetRawText());
        if (!checks.Ok || !definition.Ok)
        {
            return checks.Ok ? ErrorTable.Problem(definition.Errors) : ErrorTable.Invalid(checks.Errors);
        }

        if (await store.FindAsync(workflow, caller.Actor, cancellationToken) is not { } found)
        {
            return WorkflowAnswers.Missing();
        }

        var outcome = await store.ReplaceAsync(found.Id, revision!.Value, definition.Value, caller.Actor, cancellationToken);
        return await answers.OkAsync(outcome, found.Id, revision.Value, caller, cancellationToken);
    }

    /// <summary>Deletes a workflow</summary>
    /// <remarks>Its addresses answer 404 from now on; its runs stay.</remarks>
    public static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string workflow, Caller caller, IWorkflowStore store, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(workflow, caller.Actor, cancellationToken) is not { } found)
        {
            return WorkflowAnswers.Missing();
        }

        var outcome = await store.DeleteAsync(found.Id, caller.Actor, cancellationToken);
        return outcome.Ok ? TypedResults.NoContent() : ErrorTable.Problem(outcome.Errors);
    }

    /// <summary>Exports a workflow as a file</summary>
    /// <remarks>The same definition is always the same bytes. It holds no secret; where a value that was written into the workflow looks like one, the file begins with a <c>$comment</c> that names the field.</remarks>
    /// <param name="workflow">The workflow's id or slug.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="store">The workflows.</param>
    /// <param name="files">Writes files.</param>
    /// <param name="response">The response.</param>
    /// <param name="version">A published version. Default: the draft.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<ContentHttpResult, ProblemHttpResult>> ExportAsync(
        string workflow, Caller caller, IWorkflowStore store, IWorkflowFiles files, HttpResponse response, int? version, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(workflow, caller.Actor, cancellationToken) is not { } found)
        {
            return WorkflowAnswers.Missing();
        }

        var definition = version is { } number
            ? (await store.FindVersionAsync(found.Id, number, caller.Actor, cancellationToken))?.Definition
            : found.Draft;
        if (definition is null)
        {
            return WorkflowAnswers.Missing();
        }

        response.Headers.ContentDisposition = $"attachment; filename=\"{found.Summary.Slug}.workflow.json\"";
        return TypedResults.Text(files.Write(definition), "application/json", Encoding.UTF8);
    }

    /// <summary>Makes a copy of a workflow</summary>
    /// <remarks>The copy is yours and begins as a draft.</remarks>
    public static async Task<Results<Created<WorkflowDetailResponse>, ProblemHttpResult>> DuplicateAsync(
        string workflow, Caller caller, DuplicateWorkflowRequest? body, IWorkflowStore store, WorkflowAnswers answers, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(workflow, caller.Actor, cancellationToken) is not { } found)
        {
            return WorkflowAnswers.Missing();
        }

        if (!string.IsNullOrWhiteSpace(body?.Name))
        {
            return answers.Created(await store.CreateAsync(found.Draft with { Name = body.Name }, caller.Actor, cancellationToken));
        }

        for (var copy = 1; ; copy++)
        {
            var outcome = await store.CreateAsync(found.Draft with { Name = CopyName(found.Draft.Name, copy) }, caller.Actor, cancellationToken);
            if (outcome.Ok || copy == MostCopies || outcome.Error.Code != ErrorCodes.NameTaken)
            {
                return answers.Created(outcome);
            }
        }
    }

    /// <summary>Switches a workflow's triggers off or on</summary>
    /// <remarks>Off, its webhooks answer 404 and events do not start it; runs by hand stay possible.</remarks>
    public static async Task<Results<Ok<WorkflowDetailResponse>, ProblemHttpResult>> SetActiveAsync(
        string workflow, Caller caller, WorkflowActiveRequest body, IWorkflowStore store, WorkflowAnswers answers, CancellationToken cancellationToken)
    {
        if (body.Active is not { } active)
        {
            return ErrorTable.Invalid("active", "Say true or false.");
        }

        if (await store.FindAsync(workflow, caller.Actor, cancellationToken) is not { } found)
        {
            return WorkflowAnswers.Missing();
        }

        var outcome = await store.SetActiveAsync(found.Id, active, caller.Actor, cancellationToken);
        return outcome.Ok ? TypedResults.Ok(answers.Detail(outcome.Value)) : ErrorTable.Problem(outcome.Errors);
    }

    /// <summary>Offers a workflow in the gallery, or takes it out</summary>
    /// <remarks>Everyone finds its published version there and makes copies of their own; 409 <c>workflow_not_published</c> when there is none.</remarks>
    public static async Task<Results<Ok<WorkflowDetailResponse>, ProblemHttpResult>> SetOfferedAsync(
        string workflow, Caller caller, WorkflowOfferedRequest body, IWorkflowStore store, WorkflowAnswers answers, CancellationToken cancellationToken)
    {
        if (body.Offered is not { } offered)
        {
            return ErrorTable.Invalid("offered", "Say true or false.");
        }

        if (await store.FindAsync(workflow, caller.Actor, cancellationToken) is not { } found)
        {
            return WorkflowAnswers.Missing();
        }

        var outcome = await store.SetOfferedAsync(found.Id, offered, caller.Actor, cancellationToken);
        return outcome.Ok ? TypedResults.Ok(answers.Detail(outcome.Value)) : ErrorTable.Problem(outcome.Errors);
    }

    private static string CopyName(string name, int copy)
    {
        var suffix = copy == 1 ? " copy" : string.Create(CultureInfo.InvariantCulture, $" copy {copy}");
        return (name.Length + suffix.Length > NameLength ? name[..(NameLength - suffix.Length)].TrimEnd() : name) + suffix;
    }

    private static long? RevisionOf(string? tag) =>
        long.TryParse(tag?.Trim().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null;
}

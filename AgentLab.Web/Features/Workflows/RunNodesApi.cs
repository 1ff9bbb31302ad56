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

/// <summary>What the nodes of a run gave.</summary>
internal static class RunNodesApi
{
    /// <summary>A larger value is left in its blob, and its beginning is shown.</summary>
    private const int MaxValueBytes = 1024 * 1024;

    private static readonly string[] Types = [EventCatalog.Of<NodeCompleted>().Type, EventCatalog.Of<NodeFailed>().Type];

    /// <summary>Lists what the nodes of a run gave</summary>
    /// <remarks>One item for each attempt that ended, in the order in which they did; a node in a loop has one for each iteration.</remarks>
    /// <param name="run">The run's id.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="runs">Finds runs.</param>
    /// <param name="reader">Reads events.</param>
    /// <param name="node">Only this node: its id.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before.</param>
    /// <param name="limit">How many, 1 to 100. Default: 20.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<Ok<PageResponse<RunNodeItem>>, ProblemHttpResult>> ListAsync(
        [FromRoute] Guid run, Caller caller, IWorkflowRuns runs, ISessionReader reader, string? node, string? cursor, int? limit, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var size = checks.Limit(limit);
        var after = 0L;
        if (!string.IsNullOrEmpty(cursor) && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            checks.Add("cursor", Paging.NotACursor);
        }

        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        if (await runs.FindAsync(new RunId(run), caller.Actor, cancellationToken) is not { } state)
        {
            return ErrorTable.Problem([LabError.NotFound("run")]);
        }

        var found = await FindAsync(reader, state, node, after, size + 1, cancellationToken);
        var items = new List<RunNodeItem>();
        foreach (var e in found.Take(size))
        {
            items.Add(await ItemAsync(reader, state.SessionId, e, cancellationToken));
        }

        var next = found.Count > size ? found[size - 1].Sequence.ToString(CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new PageResponse<RunNodeItem> { Items = items, NextCursor = next });
    }

    private static async Task<List<SessionEvent>> FindAsync(
        ISessionReader reader, WorkflowRunState run, string? node, long after, int count, CancellationToken cancellationToken)
    {
        const int Batch = 500;
        var found = new List<SessionEvent>();
        while (found.Count < count)
        {
            var events = await reader.ReadAsync(run.SessionId, after, long.MaxValue, Batch, Types, descending: false, cancellationToken);
            found.AddRange(events.Where(e => e.RunId == run.RunId && (node is null || NodeOf(e.Data) == node)).Take(count - found.Count));
            if (events.Count < Batch)
            {
                break;
            }

            after = events[^1].Sequence;
        }

        return found;
    }

    private static async Task<RunNodeItem> ItemAsync(ISessionReader reader, SessionId session, SessionEvent e, CancellationToken cancellationToken)
    {
        var item = new RunNodeItem { Sequence = e.Sequence, StepId = e.StepId ?? string.Empty, Node = NodeOf(e.Data) ?? string.Empty, Attempt = e.Attempt, At = e.At };
        return e.Data switch
        {
            NodeCompleted done => item with
            {
                Status = "completed",
                Port = done.Port,
                Output = await ValueAsync(reader, session, done.Output, cancellationToken),
                Preview = done.Output.Blob is null ? null : done.Output.Preview,
                DurationMs = done.DurationMs,
                Summary = done.Summary,
                Source = done.Source,
            },
            NodeFailed failed => item with
            {
                Status = "failed",
                Port = failed.GoesOn,
                Error = new RunErrorItem(failed.Code, failed.Message, failed.RetryMs is not null),
                DurationMs = failed.DurationMs,
            },
            _ => item,
        };
    }

    private static async ValueTask<JsonElement?> ValueAsync(ISessionReader reader, SessionId session, Core.Sessions.Events.JsonContent content, CancellationToken cancellationToken)
    {
        if (content.Blob is not { } hash)
        {
            return content.Value;
        }

        return content.Size <= MaxValueBytes && await reader.BlobAsync(session, hash, cancellationToken) is { } blob ? JsonElement.Parse(blob.Content.Span) : null;
    }

    private static string? NodeOf(EventData? data) => data switch
    {
        NodeCompleted done => done.Node,
        NodeFailed failed => failed.Node,
        _ => null,
    };
}

/// <summary>What one attempt of a node gave.</summary>
internal sealed record RunNodeItem
{
    /// <summary>The event that recorded it.</summary>
    public required long Sequence { get; init; }

    /// <summary>The node's id, with the iterations of the loops round it: <c>fetch[2.0]</c>.</summary>
    public required string StepId { get; init; }

    /// <summary>The node's id.</summary>
    public required string Node { get; init; }

    /// <summary>From 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>completed or failed.</summary>
    public string Status { get; init; } = "completed";

    /// <summary>The port through which the run went on; null when it did not.</summary>
    public string? Port { get; init; }

    /// <summary>The value; null for a failure, and for a value over 1 MB, of which only the preview is here.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>The beginning of a large value.</summary>
    public string? Preview { get; init; }

    /// <summary>Why it failed.</summary>
    public RunErrorItem? Error { get; init; }

    /// <summary>Milliseconds of the attempt.</summary>
    public decimal DurationMs { get; init; }

    /// <summary>One line for people.</summary>
    public string? Summary { get; init; }

    /// <summary>Where the value comes from when the node did not run: pinned, earlier_run, disabled or dry_run.</summary>
    public string? Source { get; init; }
}

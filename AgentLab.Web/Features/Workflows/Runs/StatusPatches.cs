using System.Text.Json.Nodes;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Web.Shared;

namespace AgentLab.Web.Features.Workflows.Runs;

/// <summary>States of a run as the canvas takes them: <c>{run, seq, n: [[id, state, count, text, durationMs]], e: [[id, active, count]]}</c>.</summary>
internal static class StatusPatches
{
    /// <summary>The states of these nodes and of the edges that touch them; all of both when <paramref name="only"/> is null.</summary>
    public static JsonObject Of(string run, RunView view, WorkflowDefinition definition, IReadOnlyCollection<string>? only)
    {
        var nodes = new JsonArray();
        foreach (var node in view.Nodes.Where(node => only is null || only.Contains(node.Id)))
        {
            nodes.Add(new JsonArray(node.Id, State(node.Status), node.Count, Text(node), node.DurationMs is { } ms ? (double)ms : null));
        }

        var touched = only is null ? definition.Edges : definition.Edges.Where(edge => only.Contains(edge.From) || only.Contains(edge.To));
        var edges = new JsonArray();
        foreach (var (edge, count, active) in view.Edges(touched))
        {
            edges.Add(new JsonArray(edge, active, count));
        }

        return new JsonObject { ["run"] = run, ["seq"] = view.Sequence, ["n"] = nodes, ["e"] = edges };
    }

    /// <summary>The canvas' word for a state.</summary>
    public static string State(Status status) => status switch
    {
        Status.Running => "running",
        Status.NeedsPerson => "person",
        Status.Done => "done",
        Status.Failed => "failed",
        Status.Cancelled => "cancelled",
        _ => "waiting",
    };

    private static string? Text(NodeView node) => node.Latest switch
    {
        { Status: Status.Failed, Failure: { } failure } => failure.Message,
        { Source: "pinned" } => "Pinned",
        { Source: "earlier_run" } => "From the earlier run",
        { Source: "disabled" } => "Switched off",
        { Status: Status.Waiting, Failure: { RetryMs: not null } failure } => $"Tried again soon: {failure.Message}",
        { Wait: { Kind: "timer" } } => "Waits for its time",
        { Wait: { Kind: "webhook" } } => "Waits for a request",
        { Wait: not null } => "Waits for a person",
        _ => null,
    };
}

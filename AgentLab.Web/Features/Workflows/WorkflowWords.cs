using AgentLab.Core;
using AgentLab.Core.Workflows;
using AgentLab.Web.Shared;

namespace AgentLab.Web.Features.Workflows;

/// <summary>What the states of workflows and their runs are called.</summary>
internal static class WorkflowWords
{
    /// <summary>A run's state by the word of the contracts.</summary>
    public static (Status Status, string Word) OfRun(string status) => status switch
    {
        "running" => (Status.Running, "Running"),
        "waiting" => (Status.NeedsPerson, "Waiting"),
        "completed" => (Status.Done, "Done"),
        "failed" => (Status.Failed, "Failed"),
        "cancelled" => (Status.Cancelled, "Stopped"),
        _ => (Status.Waiting, status),
    };

    /// <summary>What an export says of values that look like keys; null when there are none.</summary>
    public static string? Pasted(IReadOnlyList<string> fields) => fields.Count == 0 ? null
        : $"The file was exported. Look before you share it: it seems to hold keys or passwords, in {string.Join(", ", fields.Take(3))}{(fields.Count > 3 ? " …" : "")}. Keep them as secrets.";

    /// <summary>A state as a word in a sentence.</summary>
    public static string Of(Status status) => status switch
    {
        Status.Running => "running",
        Status.NeedsPerson => "waits for a person",
        Status.Done => "done",
        Status.Failed => "failed",
        Status.Cancelled => "stopped",
        _ => "waiting",
    };

    /// <summary>How a workflow's draft stands to what is published.</summary>
    public static (Status Status, string Word) OfVersion(WorkflowSummary workflow) => workflow switch
    {
        { PublishedVersion: null } => (Status.Waiting, "Draft"),
        { HasChanges: true } => (Status.NeedsPerson, $"Version {workflow.PublishedVersion}, changed"),
        _ => (Status.Done, $"Version {workflow.PublishedVersion}"),
    };

    /// <summary>What started a run.</summary>
    public static string OfTrigger(string trigger) => trigger switch
    {
        "manual" => "By hand",
        "api" => "API",
        "webhook" => "Webhook",
        "lab" => "Lab",
        "workflow_event" => "Another workflow",
        "command_line" => "Command line",
        _ => trigger,
    };

    /// <summary>All that stood in the way, as sentences.</summary>
    public static string Of(IReadOnlyList<LabError> errors) =>
        string.Join(" ", errors.Select(error => error.Field is { Length: > 0 } field ? $"{field}: {error.Message}" : error.Message));
}

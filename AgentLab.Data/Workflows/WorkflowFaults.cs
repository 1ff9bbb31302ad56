using AgentLab.Core;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Data.Workflows;

/// <summary>What the store refuses, in sentences.</summary>
internal static class WorkflowFaults
{
    public static LabError NotFound() => LabError.NotFound("workflow");

    public static LabError NameTaken(string name) =>
        new("name_taken", $"You have a workflow called \"{name}\" already (upper and lower case count as the same). Choose another name.", Field: "name");

    public static LabError Moved(long expected, long revision) => new(
        "edit_conflict",
        $"The draft was changed meanwhile: it is at revision {revision}, the change was made to revision {expected}. Load it again and repeat the change.",
        Field: "revision");

    public static LabError Forgotten(long basis, long revision) => new(
        "edit_conflict",
        $"The change was made to revision {basis}, of which the history knows nothing any more; the draft is at revision {revision}. Load it again and repeat the change.",
        Field: "revision");

    public static LabError HookTaken(string method, string slug) => new(
        "hook_taken", $"Another workflow is started by {method} /hooks/{slug} already. Give the webhook trigger another address.", Field: "slug");

    /// <summary>What stands in the way of a publication: each error with its node and setting.</summary>
    public static IReadOnlyList<LabError> Of(IEnumerable<WorkflowProblem> problems) =>
    [
        .. problems.Where(problem => problem.Severity == ProblemSeverity.Error).Select(problem => LabError.Invalid(Field(problem), problem.Message)),
    ];

    private static string Field(WorkflowProblem problem)
    {
        var field = (problem.Field ?? string.Empty).Trim('/').Replace('/', '.');
        return problem.Node is { } node ? $"nodes.{node}{(field.Length > 0 ? "." : string.Empty)}{field}" : field.Length > 0 ? field : "workflow";
    }
}

namespace AgentLab.Core.Workflows.Definition;

/// <summary>Something about a definition that a person should mend.</summary>
/// <param name="Code">A stable code in snake case, such as <c>unknown_kind</c>, <c>setting_required</c>, <c>cycle</c>.</param>
/// <param name="Message">What is wrong and how to mend it, at most 20 words or so.</param>
/// <param name="Node">The node's id, when it is about one.</param>
/// <param name="Field">The setting as a JSON pointer (<c>/url</c>), or the property of the node or workflow.</param>
/// <param name="Severity">Whether it stands in the way of a run.</param>
/// <param name="Mend">Operations that mend it in one action, when there is one obvious way.</param>
public sealed record WorkflowProblem(
    string Code, string Message, string? Node = null, string? Field = null, ProblemSeverity Severity = ProblemSeverity.Error,
    IReadOnlyList<WorkflowOperation>? Mend = null);

/// <summary>How bad a problem is.</summary>
public enum ProblemSeverity
{
    /// <summary>It cannot be published or run.</summary>
    Error,

    /// <summary>It runs, perhaps not as meant.</summary>
    Warning,
}

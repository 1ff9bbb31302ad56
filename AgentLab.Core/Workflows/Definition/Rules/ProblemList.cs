namespace AgentLab.Core.Workflows.Definition.Rules;

/// <summary>Gathers problems and puts them in order: errors first, those of the workflow before those of its nodes, and nodes as they stand in the list.</summary>
internal sealed class ProblemList(WorkflowDefinition definition)
{
    private readonly List<(int Place, WorkflowProblem Problem)> _found = [];

    public WorkflowDefinition Definition { get; } = definition;

    /// <summary>A problem of the workflow as a whole.</summary>
    public void Add(string code, string field, string message, ProblemSeverity severity = ProblemSeverity.Error, params IReadOnlyList<WorkflowOperation> mend) =>
        _found.Add((-1, new WorkflowProblem(code, message, null, field, severity, mend.Count > 0 ? mend : null)));

    /// <summary>Problems of the workflow as a whole that are there already.</summary>
    public void Add(IEnumerable<WorkflowProblem> problems) => _found.AddRange(problems.Select(problem => (-1, problem)));

    /// <summary>A problem of a node.</summary>
    public void Add(
        int node, string code, string? field, string message, ProblemSeverity severity = ProblemSeverity.Error, params IReadOnlyList<WorkflowOperation> mend) =>
        _found.Add((node, new WorkflowProblem(code, message, Definition.Nodes[node].Id, field, severity, mend.Count > 0 ? mend : null)));

    /// <summary>A problem that is there already.</summary>
    public void Add(int node, WorkflowProblem problem) => _found.Add((node, problem));

    public IReadOnlyList<WorkflowProblem> Sorted() => _found.Count == 0
        ? []
        : [.. _found.OrderBy(one => one.Problem.Severity).ThenBy(one => one.Place).Select(one => one.Problem)];
}

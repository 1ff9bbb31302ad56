namespace AgentLab.Core.Workflows.Definition;

/// <summary>What makes a definition right. Pure: it stores nothing and runs nothing. 1,000 nodes are looked at within 50 ms.</summary>
public interface IWorkflowRules
{
    /// <summary>All problems, errors first, in the order of the nodes. Empty when it can run.</summary>
    IReadOnlyList<WorkflowProblem> Validate(WorkflowDefinition definition);

    /// <summary>
    /// Applies a gesture wholly or not at all. What would break the graph (unknown ids, ports that do not fit, cycles, bounds) is refused with code
    /// <c>invalid</c>; settings that are not right yet are not: a draft may hold them.
    /// </summary>
    Outcome<WorkflowDefinition> Apply(WorkflowDefinition definition, IReadOnlyList<WorkflowOperation> operations);

    /// <summary>The operations that lead from one definition to the other, fewest that people would call changes, in an order in which they can be applied.</summary>
    IReadOnlyList<WorkflowOperation> Difference(WorkflowDefinition from, WorkflowDefinition to);

    /// <summary>
    /// Brings a gesture that was made on <paramref name="basis"/> onto <paramref name="current"/>: what touches other things than have changed since is applied; a true
    /// conflict is refused with code <c>edit_conflict</c>, naming the node and who could lose what.
    /// </summary>
    Outcome<WorkflowDefinition> Merge(WorkflowDefinition basis, WorkflowDefinition current, IReadOnlyList<WorkflowOperation> operations);
}

/// <summary>Definitions as files.</summary>
public interface IWorkflowFiles
{
    /// <summary>
    /// Readable JSON in stable order, ending in a line feed: the same definition is always the same bytes. A text in the place of a secret's name is left out. What else looks like a key
    /// stays, or the workflow would be another one; then the file begins with a <c>$comment</c> that names the fields.
    /// </summary>
    string Write(WorkflowDefinition definition);

    /// <summary>The fields whose values look like keys or passwords that were pasted; empty when none do.</summary>
    IReadOnlyList<string> Pasted(WorkflowDefinition definition);

    /// <summary>
    /// Reads a file that anyone may have made, at most 4 MB: wrong JSON, unknown properties, unknown or unsafe kinds (named), cycles, broken references and everything over a
    /// bound are refused, each with node and field. Settings that are merely incomplete are let in.
    /// </summary>
    Outcome<WorkflowDefinition> Read(string json);

    /// <summary>The JSON Schema of the file format, with the settings of every registered kind.</summary>
    string Schema();
}

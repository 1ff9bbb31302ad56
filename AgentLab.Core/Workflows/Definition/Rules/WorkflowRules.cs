using AgentLab.Core.Workflows.Definition.Changes;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Definition.Rules;

/// <inheritdoc cref="IWorkflowRules"/>
internal sealed class WorkflowRules(INodeKinds kinds, KindSchemas schemas, IEnumerable<ISettingsCompiler> compilers) : IWorkflowRules
{
    private readonly ISettingsCompiler? _compiler = compilers.LastOrDefault();
    private readonly NodeRules _nodes = new(kinds, schemas, compilers.LastOrDefault());

    public IReadOnlyList<WorkflowProblem> Validate(WorkflowDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var problems = new ProblemList(definition);
        if (!CheckCounts(definition, problems))
        {
            return problems.Sorted();
        }

        HeadRules.Check(problems, _compiler);
        var graph = WorkflowGraph.Of(definition, kinds);
        EdgeRules.Check(graph, problems);
        FlowRules.Check(graph, problems);
        for (var node = 0; node < graph.Count; node++)
        {
            var findings = _nodes.Look(graph.Node(node));
            foreach (var problem in findings.Problems)
            {
                problems.Add(node, problem);
            }

            TemplateRules.Check(graph, problems, node, findings.References);
        }

        TemplateRules.CheckOutput(graph, problems);
        problems.Add(PastedSecrets.OfHead(definition));
        return problems.Sorted();
    }

    public Outcome<WorkflowDefinition> Apply(WorkflowDefinition definition, IReadOnlyList<WorkflowOperation> operations) =>
        new DefinitionEdit(definition, kinds).Apply(operations);

    public IReadOnlyList<WorkflowOperation> Difference(WorkflowDefinition from, WorkflowDefinition to) => DefinitionDifference.Between(from, to);

    public Outcome<WorkflowDefinition> Merge(WorkflowDefinition basis, WorkflowDefinition current, IReadOnlyList<WorkflowOperation> operations)
    {
        var mine = Apply(basis, operations);
        return mine.Ok ? new DefinitionMerge(kinds, basis, current, mine.Value).Merge() : mine;
    }

    private static bool CheckCounts(WorkflowDefinition definition, ProblemList problems)
    {
        var sound = true;
        foreach (var (count, most, field) in (ReadOnlySpan<(int, int, string)>)[
            (definition.Nodes.Count, WorkflowBounds.Nodes, "nodes"), (definition.Edges.Count, WorkflowBounds.Edges, "edges"),
            (definition.Groups.Count, WorkflowBounds.Groups, "groups"), (definition.Notes.Count, WorkflowBounds.Notes, "notes")])
        {
            if (count > most)
            {
                problems.Add("too_many", field, $"A workflow has at most {most:N0} {field}; there are {count:N0}. Split it into sub-workflows.");
                sound = false;
            }
        }

        return sound;
    }
}

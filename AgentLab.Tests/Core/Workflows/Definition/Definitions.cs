using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Core.Workflows.Definition;

/// <summary>Rules and files over the kinds of the tests.</summary>
internal static class Definitions
{
    private static readonly ServiceProvider Provider = new ServiceCollection().AddSingleton<INodeKinds>(TestKinds.Usual).AddWorkflowDefinitions().BuildServiceProvider();

    public static IWorkflowRules Rules => Provider.GetRequiredService<IWorkflowRules>();

    public static IWorkflowFiles Files => Provider.GetRequiredService<IWorkflowFiles>();

    public static WorkflowDefinition With(this WorkflowDefinition definition, string node, Func<WorkflowNode, WorkflowNode> change) =>
        definition with { Nodes = [.. definition.Nodes.Select(one => one.Id == node ? change(one) : one)] };

    public static WorkflowDefinition Settings(this WorkflowDefinition definition, string node, string settings) =>
        definition.With(node, one => one with { Settings = System.Text.Json.JsonElement.Parse(settings) });

    public static string[] Codes(this IReadOnlyList<WorkflowProblem> problems) => [.. problems.Select(problem => $"{problem.Node}:{problem.Code}:{problem.Field}")];

    /// <summary>The mend of the only problem with this code, applied.</summary>
    public static WorkflowDefinition Mended(this WorkflowDefinition definition, string code)
    {
        var problem = Rules.Validate(definition).Single(one => one.Code == code);
        var outcome = Rules.Apply(definition, problem.Mend.ShouldNotBeNull());
        outcome.Errors.ShouldBeEmpty();
        Rules.Validate(outcome.Value!).ShouldNotContain(one => one.Code == code);
        return outcome.Value!;
    }
}

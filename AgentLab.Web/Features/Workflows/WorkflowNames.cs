using AgentLab.Core;
using AgentLab.Core.Identity;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Web.Features.Workflows;

/// <summary>Makes workflows whose name may be taken already: a number is put behind it.</summary>
internal static class WorkflowNames
{
    private const int MostTries = 50;
    private const int MostCharacters = 100;

    /// <summary>What a new workflow is called until someone names it.</summary>
    public const string New = "Untitled workflow";

    /// <summary>Creates the workflow under its name, or under the first free <c>name 2</c>, <c>name 3</c> …</summary>
    public static async Task<Outcome<Workflow>> CreateAsync(this IWorkflowStore store, WorkflowDefinition definition, Actor actor, bool numbered, CancellationToken ct)
    {
        var outcome = await store.CreateAsync(definition, actor, ct);
        for (var number = 2; numbered && number <= MostTries && outcome.Error?.Code == "name_taken"; number++)
        {
            var end = $" {number}";
            var name = definition.Name.Length + end.Length > MostCharacters ? definition.Name[..(MostCharacters - end.Length)] : definition.Name;
            outcome = await store.CreateAsync(definition with { Name = name + end }, actor, ct);
        }

        return outcome;
    }
}

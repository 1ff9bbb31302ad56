using AgentLab.Core;
using AgentLab.Core.Agents;
using AgentLab.Core.Identity;

namespace AgentLab.Web.Features.Agents;

/// <summary>Makes agents whose name may be taken already: a number is put behind it.</summary>
internal static class AgentNames
{
    private const int MostTries = 50;

    /// <summary>Creates the agent as a draft under its name, or under the first free <c>name 2</c>, <c>name 3</c> …</summary>
    public static async Task<Outcome<Agent>> CreateNumberedAsync(this IAgentStore store, AgentDefinition definition, Actor actor, CancellationToken ct)
    {
        var outcome = await store.CreateAsync(definition, AgentStatus.Draft, actor, ct);
        for (var number = 2; number <= MostTries && outcome.Error?.Code == "name_taken"; number++)
        {
            var end = $" {number}";
            var name = definition.Name.Length + end.Length > AgentRules.NameLength ? definition.Name[..(AgentRules.NameLength - end.Length)] : definition.Name;
            outcome = await store.CreateAsync(definition with { Name = name + end }, AgentStatus.Draft, actor, ct);
        }

        return outcome;
    }
}

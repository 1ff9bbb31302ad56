using AgentLab.Core.Agents;
using AgentLab.Core.Identity;
using AgentLab.Core.Models;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows;
using AgentLab.Web.Features.Workflows.Forms;

namespace AgentLab.Web.Features.Workflows.Editor;

/// <summary>What the pickers in forms offer: agents, tools, models and workflows that the person may use.</summary>
public sealed class WorkflowChoices(IAgentStore agents, IToolRegistry tools, IProviderCatalog providers, IWorkflowStore workflows)
{
    private const int Most = 100;

    /// <summary>Reads them all.</summary>
    public async Task<FormChoices> ReadAsync(Actor actor, CancellationToken ct)
    {
        var found = await agents.ListAsync(new AgentQuery { Status = AgentStatus.Active, Limit = Most }, actor, ct);
        var models = (await providers.ListAsync(ct)).Where(provider => provider.Enabled).SelectMany(provider => provider.Models.Select(model => $"{provider.Id}/{model.Id}"));
        var others = await workflows.ListAsync(new WorkflowQuery { Limit = Most }, actor, ct);
        return new FormChoices(
            [.. found.Items.Select(agent => new FieldOption(agent.Slug, agent.Name))],
            [.. tools.All.Select(tool => new FieldOption(tool.Name, tool.Title))],
            [.. models.Select(model => new FieldOption(model, model))],
            [.. others.Items.Select(workflow => new FieldOption(workflow.Slug, workflow.Name))]);
    }
}

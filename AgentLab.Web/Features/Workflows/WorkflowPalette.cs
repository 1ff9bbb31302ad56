using AgentLab.Core.Workflows;
using AgentLab.Web.Layout;
using AgentLab.Web.Shared;

namespace AgentLab.Web.Features.Workflows;

/// <summary>Finds workflows by their names, for the palette.</summary>
internal sealed class WorkflowPalette(IWorkflowStore workflows, ICurrentPerson current) : IPaletteSource
{
    private const int Most = 6;

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<PaletteItem>> FindAsync(string query, CancellationToken ct)
    {
        var person = await current.GetAsync(ct);
        var text = string.IsNullOrWhiteSpace(query) ? null : query.Trim();
        var page = await workflows.ListAsync(new WorkflowQuery { Text = text, Limit = Most }, person.Actor, ct);
        return [.. page.Items.Select(workflow => new PaletteItem(workflow.Name, "Workflow", "workflow", $"/workflows/{workflow.Slug}"))];
    }
}

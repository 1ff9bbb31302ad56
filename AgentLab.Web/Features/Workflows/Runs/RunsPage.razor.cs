using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Workflows.Runs;

/// <summary>The list of runs, of one workflow or of all.</summary>
public sealed partial class RunsPage
{
    private static readonly string[] States = ["running", "waiting", "completed", "failed", "cancelled"];

    private Workflow? _workflow;
    private WorkflowRunSummary? _compared;
    private string _status = "";
    private bool _missing;

    /// <summary>The workflow; null for all.</summary>
    [Parameter]
    public string? Slug { get; set; }

    [SupplyParameterFromQuery]
    public string? Status { get; set; }

    /// <inheritdoc />
    protected override string Path => Slug is null ? "/runs" : $"/workflows/{Slug}/runs";

    /// <inheritdoc />
    protected override IEnumerable<(string Name, string? Value)> Filters => [("status", _status)];

    [Inject]
    private IWorkflowStore Store { get; set; } = default!;

    /// <inheritdoc />
    protected override void TakeFilters() => _status = Status ?? "";

    /// <inheritdoc />
    protected override async ValueTask<Page<WorkflowRunSummary>> ReadAsync(Person person, CancellationToken cancellationToken)
    {
        _workflow = Slug is null ? null : await Store.FindAsync(Slug, person.Actor, cancellationToken);
        _missing = Slug is not null && _workflow is null;
        if (_missing)
        {
            return new Page<WorkflowRunSummary>([], null);
        }

        var query = new WorkflowRunQuery { Workflow = _workflow?.Id, Status = States.Contains(Status) ? Status : null, Cursor = Cursor };
        return await Store.RunsAsync(query, person.Actor, cancellationToken);
    }

    // A workflow is found by its id as well as by its slug.
    private string Address(WorkflowRunSummary run) => $"/workflows/{Slug ?? run.WorkflowId.ToString()}?run={run.RunId}";
}

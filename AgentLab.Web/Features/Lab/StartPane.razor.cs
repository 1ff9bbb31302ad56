using AgentLab.Core;
using AgentLab.Core.Agents;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Features.Lab;

/// <summary>The Lab before a session is open: pick an agent, ask.</summary>
public sealed partial class StartPane : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private IReadOnlyList<Agent>? _agents;
    private IReadOnlyList<WorkflowSummary> _workflows = [];
    private Agent? _picked;
    private WorkflowSummary? _workflow;
    private string? _problem;
    private bool _asking;

    [Parameter, EditorRequired]
    public Person Person { get; set; } = default!;

    /// <summary>The agent to pick at first: an id or a slug.</summary>
    [Parameter]
    public string? Agent { get; set; }

    /// <summary>The workflow to pick at first: an id or a slug.</summary>
    [Parameter]
    public string? Workflow { get; set; }

    /// <summary>Told of the session that was made.</summary>
    [Parameter]
    public Func<CommandReceipt, Task> OnStarted { get; set; } = _ => Task.CompletedTask;

    [Inject]
    private IAgentStore Agents { get; set; } = default!;

    [Inject]
    private IWorkflowStore Workflows { get; set; } = default!;

    [Inject]
    private IWorkflowVersions Versions { get; set; } = default!;

    [Inject]
    private ISessionCommands Commands { get; set; } = default!;

    [Inject]
    private IOptions<RunOptions> Limits { get; set; } = default!;

    [Inject]
    private IAttachmentStore Attachments { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    /// <inheritdoc />
    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        var page = await Agents.ListAsync(new AgentQuery { Status = AgentStatus.Active, Limit = 100 }, Person.Actor, _leaving.Token);
        _workflows = await TalksAsync();
        // The builder works beside a canvas only.
        _agents = [.. page.Items.Where(agent => agent.Definition.Type != AgentType.Builder)];
        _workflow = _workflows.FirstOrDefault(workflow => workflow.Slug == Workflow || workflow.Id.ToString() == Workflow);
        _picked = _workflow is not null ? null : _agents.FirstOrDefault(agent => agent.Slug == Agent || agent.Id.ToString() == Agent)
            ?? _agents.OrderBy(agent => agent.CreatedAt).FirstOrDefault();
        _workflow ??= _picked is null && _workflows.Count > 0 ? _workflows[0] : null;
    }

    /// <summary>The workflows that a message begins: published, switched on, as their published version stands.</summary>
    private async Task<IReadOnlyList<WorkflowSummary>> TalksAsync()
    {
        var page = await Workflows.ListAsync(new WorkflowQuery { Limit = 100 }, Person.Actor, _leaving.Token);
        var talks = new List<WorkflowSummary>();
        foreach (var workflow in page.Items.Where(workflow => workflow is { Active: true, PublishedVersion: not null }))
        {
            var found = await Versions.ResolveAsync(workflow.Id.ToString(), null, _leaving.Token);
            if (found?.Definition is { } definition && Talks.TriggerOf(definition) is not null)
            {
                talks.Add(workflow);
            }
        }

        return talks;
    }

    private void Pick(WorkflowSummary workflow)
    {
        (_workflow, _picked) = (workflow, null);
        Navigation.NavigateTo($"/lab?workflow={workflow.Slug}", replace: true);
    }

    private void Pick(Agent agent)
    {
        (_picked, _workflow) = (agent, null);
        Navigation.NavigateTo($"/lab?agent={agent.Slug}", replace: true);
    }

    private async Task AskAsync(string suggestion)
    {
        if (_asking)
        {
            return;
        }

        var error = await SendAsync(new ComposedMessage(suggestion, [], new RequestKey(Guid.NewGuid().ToString("N"))));
        _problem = error?.Message;
    }

    private async Task<LabError?> SendAsync(ComposedMessage message)
    {
        _asking = true;
        _problem = null;
        try
        {
            var command = new StartSession(_picked?.Slug, message.Text) { Workflow = _workflow?.Id.ToString(), Attachments = message.Attachments, Key = message.Key };
            var started = await Commands.StartAsync(command, Person.Actor, _leaving.Token);
            if (started.Ok)
            {
                await OnStarted(started.Value);
            }

            return started.Error;
        }
        finally
        {
            _asking = false;
            StateHasChanged();
        }
    }

    /// <summary>A workflow takes no files with a message.</summary>
    private Func<string, string, Stream, CancellationToken, Task<Outcome<Attachment>>>? Upload => _workflow is null ? UploadAsync : null;

    private Task<Outcome<Attachment>> UploadAsync(string name, string type, Stream content, CancellationToken ct) =>
        Attachments.SaveAsync(name, type, content, Person.Actor, ct);
}

using System.Text.Json;
using AgentLab.Core.Schema;
using AgentLab.Core.Workflows.Engine.Compiled;
using AgentLab.Core.Workflows.Engine.State;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Finds the workflows that run inside a step of another.</summary>
internal sealed class InnerWorkflows(IWorkflowVersions versions, WorkflowCompiler compiler, Evaluation evaluation, Guid ownerId)
{
    /// <summary>Workflows inside one another, the outermost not counted.</summary>
    private const int MaxDepth = 8;

    // The version that this run took first: it keeps it for later steps.
    private readonly Dictionary<string, int?> _kept = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The trigger at which a workflow begins inside another: the one by hand, or its first.</summary>
    public static CompiledNode? TriggerOf(CompiledWorkflow workflow)
    {
        CompiledNode? first = null;
        foreach (var node in workflow.Top.Nodes)
        {
            if (node.Role == NodeRole.Trigger && !node.Node.Disabled)
            {
                if (node.Node.Kind.Contains("manual", StringComparison.Ordinal))
                {
                    return node;
                }

                first ??= node;
            }
        }

        return first;
    }

    /// <summary>The workflow of a step that is about to start, or why it cannot.</summary>
    public async ValueTask<InnerWorkflow> FindAsync(Slot slot, CancellationToken cancellationToken)
    {
        var settings = slot.Settings;
        var name = settings.TryGetProperty("workflow", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : string.Empty;
        var version = VersionOf(settings);
        var found = name.Length > 0 ? await versions.ResolveAsync(name, version ?? _kept.GetValueOrDefault(name), cancellationToken) : null;
        if (found is null || !await MayUseAsync(found, slot.Frame.Activation.Reference, cancellationToken))
        {
            return Refused("workflow_not_found", $"There is no workflow {name}, or the run's owner may not use it.");
        }

        if (found.Definition is not { } definition)
        {
            return Refused("workflow_not_published", $"The workflow {found.Workflow.Name} has {(version is null ? "no published version" : $"no version {version}")}.");
        }

        var round = slot.Frame.Activation;
        if (round.IsInside(found.Workflow.Id))
        {
            return Refused("workflow_cycle", $"The workflow {found.Workflow.Name} runs already round this step: it would never end.");
        }

        if (version is null)
        {
            _kept[name] = found.Workflow.Version;
        }

        return round.Depth >= MaxDepth
            ? Refused("workflow_depth", $"Workflows are at most {MaxDepth} deep inside one another.")
            : Ready(slot, found.Workflow, definition);
    }

    /// <summary>A workflow that is recorded to run inside a step.</summary>
    /// <exception cref="WorkflowFaultException">The version is gone or cannot run.</exception>
    public async ValueTask<CompiledWorkflow> LoadAsync(WorkflowReference reference, JsonElement settings, CancellationToken cancellationToken)
    {
        Keep(settings, reference.Version);
        return await versions.FindAsync(reference.Id, reference.Version, cancellationToken) is { } definition
            ? compiler.Compile(definition)
            : throw new WorkflowFaultException("workflow_missing", $"Version {reference.Version} of the workflow {reference.Name} is gone.");
    }

    /// <summary>A run that began with one version of another workflow goes on with it.</summary>
    private void Keep(JsonElement settings, int version)
    {
        if (settings.TryGetProperty("workflow", out var name) && name.ValueKind == JsonValueKind.String && VersionOf(settings) is null)
        {
            _kept[name.GetString()!] = version;
        }
    }

    private static int? VersionOf(JsonElement settings) =>
        settings.TryGetProperty("version", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var wanted) && wanted > 0 ? wanted : null;

    /// <summary>The run's owner and the owner of the workflow round it may use their own.</summary>
    private async ValueTask<bool> MayUseAsync(RunnableWorkflow found, WorkflowReference round, CancellationToken cancellationToken) =>
        found.OwnerId == ownerId
        || (round.Id != Guid.Empty && await versions.ResolveAsync(round.Id.ToString("D"), null, cancellationToken) is { } outer && outer.OwnerId == found.OwnerId);

    private InnerWorkflow Ready(Slot slot, WorkflowReference reference, Definition.WorkflowDefinition definition)
    {
        try
        {
            var workflow = compiler.Compile(definition);
            if (TriggerOf(workflow) is null)
            {
                return Refused("no_trigger", $"The workflow {reference.Name} has no trigger to begin at.");
            }

            var problems = workflow.Input is { } schema ? JsonSchema.Check(schema, evaluation.InnerInput(slot)) : [];
            return problems.Count > 0
                ? Refused("invalid_input", $"The input does not fit the workflow {reference.Name}: {string.Join("; ", problems)}")
                : new InnerWorkflow(workflow, reference, null, null);
        }
        catch (WorkflowFaultException e)
        {
            return Refused(e.Code, e.Message);
        }
    }

    private static InnerWorkflow Refused(string code, string message) => new(null, null, code, message);
}

/// <summary>A workflow to run inside a step, or why there is none.</summary>
internal sealed record InnerWorkflow(CompiledWorkflow? Workflow, WorkflowReference? Reference, string? Code, string? Message);

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Identity;
using AgentLab.Core.Schema;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Engine.Compiled;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Finds what a request to start a run is about, and whether it may and can.</summary>
internal sealed class RunStart(IWorkflowVersions versions, WorkflowCompiler compiler, IEnumerable<IWorkflowRules> rules, IRunDirectory directory)
{
    private const int MaxInputBytes = 4 * 1024 * 1024;

    /// <summary>What is to be run, or everything that stands in the way.</summary>
    public async ValueTask<Outcome<RunTarget>> FindAsync(StartWorkflowRun command, Actor actor, CancellationToken cancellationToken)
    {
        var found = command.Workflow is { } name ? await versions.ResolveAsync(name, command.Definition is null ? command.Version : null, cancellationToken) : null;
        if ((command.Workflow is not null || command.Definition is null) && !MayRun(command, found, actor))
        {
            return Outcome<RunTarget>.Failure(LabError.NotFound("workflow"));
        }

        if ((command.Definition ?? found!.Definition) is not { } definition)
        {
            return Outcome<RunTarget>.Failure(command.Version is { } version
                ? LabError.NotFound($"version {version} of this workflow")
                : new LabError("workflow_not_published", $"The workflow {found!.Workflow.Name} has no published version. Publish it, or run its draft."));
        }

        var reference = command.Definition is null ? found!.Workflow : new WorkflowReference(found?.Workflow.Id ?? Guid.Empty, 0, definition.Name);
        return await CheckAsync(command, definition, new RunTarget(reference, found?.ProjectId, null!, null, null), actor, cancellationToken);
    }

    /// <summary>Everybody who may start runs at all starts what is published; a draft or a workflow that never was is its owner's and the administrators'.</summary>
    private static bool MayRun(StartWorkflowRun command, RunnableWorkflow? found, Actor actor) =>
        found is not null && (actor.Owns(found.OwnerId) || (command.Definition is null && found.Definition is not null));

    /// <summary>What makes a repeated request the same one.</summary>
    public static IdempotencyKey? KeyOf(StartWorkflowRun command, Actor actor)
    {
        if (command.Key is not { } key)
        {
            return null;
        }

        var definition = command.Definition is { } given ? JsonSerializer.Serialize(given, WorkflowJson.Compact.WorkflowDefinition) : null;
        var body = string.Join(
            '\u001f', command.Workflow, command.Version, definition, command.Input.ValueKind == JsonValueKind.Undefined ? null : command.Input.GetRawText(), command.TriggerNode,
            command.FromNode, command.OnlyNode, command.ValuesFrom, command.DryRun);
        return new IdempotencyKey(actor.UserId.ToString("D"), "workflows.run", key.Key, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body))));
    }

    private async ValueTask<Outcome<RunTarget>> CheckAsync(
        StartWorkflowRun command, WorkflowDefinition definition, RunTarget target, Actor actor, CancellationToken cancellationToken)
    {
        if (Problems(command, definition).ToList() is { Count: > 0 } problems)
        {
            return Outcome<RunTarget>.Failure(problems);
        }

        try
        {
            target = target with { Workflow = compiler.Compile(definition) };
        }
        catch (WorkflowFaultException e)
        {
            return Outcome<RunTarget>.Failure(LabError.Invalid(e.Node is null ? "definition" : $"nodes/{e.Node}", e.Message));
        }

        if (InputProblems(command.Input, target.Workflow).ToList() is { Count: > 0 } errors)
        {
            return Outcome<RunTarget>.Failure(errors);
        }

        if (command.ValuesFrom is { } earlier)
        {
            if (await directory.FindRecordAsync(earlier, cancellationToken) is not { Workflow: not null } record || !actor.Owns(record.OwnerId))
            {
                return Outcome<RunTarget>.Failure(LabError.Invalid("valuesFrom", "There is no such run, or you may not see it."));
            }

            target = target with { Earlier = record };
        }

        return Begin(command, target);
    }

    /// <summary>A saved version was looked at when it was published.</summary>
    private IEnumerable<LabError> Problems(StartWorkflowRun command, WorkflowDefinition definition)
    {
        if (command.Definition is null || rules.FirstOrDefault() is not { } checks)
        {
            return [];
        }

        return checks.Validate(definition).Where(p => p.Severity == ProblemSeverity.Error)
            .Select(p => LabError.Invalid(p.Node is null ? p.Field ?? "definition" : $"nodes/{p.Node}{p.Field}", p.Message));
    }

    private static IEnumerable<LabError> InputProblems(JsonElement input, CompiledWorkflow workflow)
    {
        if (input.ValueKind != JsonValueKind.Object)
        {
            return [LabError.Invalid("input", "The input is one JSON object.")];
        }

        if (System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(input).Length > MaxInputBytes)
        {
            return [LabError.Invalid("input", $"The input is over {MaxInputBytes / 1024 / 1024} MB. Send less, or an address to read it from.")];
        }

        return workflow.Input is { } schema ? JsonSchema.Check(schema, input).Select(f => Invalid("input", f)) : [];
    }

    /// <summary>A fault of a value, with its field as the API names it: <c>input.customer.name</c>.</summary>
    public static LabError Invalid(string root, SchemaFault fault) => LabError.Invalid(root + fault.Field.Replace('/', '.'), fault.ToString());

    private static Outcome<RunTarget> Begin(StartWorkflowRun command, RunTarget target)
    {
        var workflow = target.Workflow;
        foreach (var (field, id) in new[] { ("fromNode", command.FromNode), ("onlyNode", command.OnlyNode) })
        {
            if (id is not null && workflow.Find(id) is not { Loop: null })
            {
                return Outcome<RunTarget>.Failure(LabError.Invalid(
                    field, workflow.Find(id) is { Loop: { } loop } ? $"{id} is inside the loop {loop.Id}: start there." : $"There is no node {id}."));
            }
        }

        if (command is not { FromNode: null, OnlyNode: null })
        {
            return Outcome<RunTarget>.Success(target);
        }

        var trigger = command.TriggerNode is { } named ? workflow.Find(named) : InnerWorkflows.TriggerOf(workflow);
        return trigger is { Role: NodeRole.Trigger }
            ? Outcome<RunTarget>.Success(target with { Trigger = trigger.Id })
            : Outcome<RunTarget>.Failure(LabError.Invalid("triggerNode", command.TriggerNode is null ? "The workflow has no trigger to begin at." : "There is no such trigger."));
    }
}

/// <summary>What a run is of.</summary>
/// <param name="Reference">The workflow as the run refers to it.</param>
/// <param name="ProjectId">Its project; null for the default one.</param>
/// <param name="Workflow">Ready to run.</param>
/// <param name="Trigger">Where it begins; null for a selection of nodes.</param>
/// <param name="Earlier">The run whose values stand in.</param>
internal sealed record RunTarget(WorkflowReference Reference, Guid? ProjectId, CompiledWorkflow Workflow, string? Trigger, RunRecord? Earlier);

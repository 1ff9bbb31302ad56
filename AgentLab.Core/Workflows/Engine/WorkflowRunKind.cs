using System.Text.Json;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Engine.Compiled;
using AgentLab.Core.Workflows.Engine.State;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Makes the loops of workflow runs from their logs, page by page: what an iteration had is let go of as soon as it has ended.</summary>
internal sealed class WorkflowRunKind(
    ISessionReader reader, IRunDirectory directory, IWorkflowVersions versions, WorkflowCompiler compiler, WorkflowRunFactory factory) : IRunKind
{
    private const int PageSize = 1000;

    private static readonly string[] Types = [.. EventCatalog.All.Select(k => k.Type).Where(t => t != EventCatalog.Of<ModelDelta>().Type)];

    /// <inheritdoc />
    public bool Fits(SessionSummary session) => session.Workflow is not null;

    /// <inheritdoc />
    public async Task<IRunLoop> LoadAsync(SessionSummary session, RunFence fence, CancellationToken cancellationToken)
    {
        try
        {
            return await FoldAsync(session, fence, cancellationToken);
        }
        catch (WorkflowFaultException e)
        {
            throw new RunNotLoadableException(e.Code, e.Message);
        }
    }

    private async Task<IRunLoop> FoldAsync(SessionSummary session, RunFence fence, CancellationToken cancellationToken)
    {
        RunMaking? making = null;
        WorkflowFold? fold = null;
        Selection? selection = null;
        for (long position = 0; ;)
        {
            var page = await reader.ReadAsync(session.Id, position, long.MaxValue, PageSize, Types, descending: false, cancellationToken);
            foreach (var e in page)
            {
                position = e.Sequence;
                if (e.RunId != fence.RunId)
                {
                    continue;
                }

                if (fold is not null)
                {
                    await fold.ApplyAsync(e, cancellationToken);
                }
                else if (e.Data is RunStarted { Plan: { } plan } started)
                {
                    (making, selection) = await StartAsync(session, fence, started, plan, cancellationToken);
                    fold = new WorkflowFold(making.State, making.Inner, making.Evaluation, making.Meter, reader, session.Id);
                    fold.Start(e.At);
                }
            }

            if (page.Count < PageSize)
            {
                break;
            }
        }

        if (making is null || fold is null || fold.Ended)
        {
            return new EndedRun();
        }

        fold.Finish();
        return factory.Folded(making, selection, fold);
    }

    private async Task<(RunMaking Making, Selection? Selection)> StartAsync(
        SessionSummary session, RunFence fence, RunStarted started, WorkflowPlan plan, CancellationToken cancellationToken)
    {
        var workflow = compiler.Compile(await DefinitionAsync(session.Id, started.Workflow!, plan, cancellationToken));
        var input = await JsonContents.ReadAsync(plan.Input, reader, session.Id, cancellationToken);
        var run = new RunIdentity(session.Id, fence.RunId, session.OwnerId, session.ProjectId, started.Workflow!, plan.At, plan.DryRun);
        var making = factory.Make(run, fence, workflow, input);
        var earlier = plan.ValuesFrom is { } from ? await directory.FindRecordAsync(new RunId(from), cancellationToken) : null;
        return (making, WorkflowRunFactory.Begin(making, plan, await factory.ValuesAsync(earlier, cancellationToken)));
    }

    private async Task<WorkflowDefinition> DefinitionAsync(SessionId session, WorkflowReference workflow, WorkflowPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Definition is { } hash)
        {
            return await reader.BlobAsync(session, hash, cancellationToken) is { } blob
                ? JsonSerializer.Deserialize(blob.Content.Span, WorkflowJson.Compact.WorkflowDefinition)!
                : throw new WorkflowFaultException("workflow_missing", "The definition that this run keeps is gone.");
        }

        return await versions.FindAsync(workflow.Id, workflow.Version, cancellationToken)
            ?? throw new WorkflowFaultException("workflow_missing", $"Version {workflow.Version} of the workflow {workflow.Name}, which this run keeps, is gone.");
    }

    private sealed class EndedRun : IRunLoop
    {
        public Task<bool> RunAsync(CancellationToken stop, CancellationToken shutdown) => Task.FromResult(false);

        public void Dispose()
        {
        }
    }
}

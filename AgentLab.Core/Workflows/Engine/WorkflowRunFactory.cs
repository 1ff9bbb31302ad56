using System.Text.Json;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine.Compiled;
using AgentLab.Core.Workflows.Engine.State;
using AgentLab.Core.Workflows.Expressions;
using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Puts the parts of a run together: of a new one, or of one that is folded from its log.</summary>
internal sealed class WorkflowRunFactory(
    ISessionLog log, ISessionReader reader, ISessionAttachments attachments, IWorkflowVersions versions, WorkflowCompiler compiler, ISettingsCompiler settings,
    LiveRuns live, WaitSignal signal, NodeLease lease, TimeProvider time, ILogger<WorkflowRun> logger)
{
    /// <summary>The beginnings of a run's parts: its state stands before the first event.</summary>
    public RunMaking Make(RunIdentity run, RunFence fence, CompiledWorkflow workflow, JsonElement input)
    {
        var mailbox = new Mailbox();
        var meter = new UsageMeter(mailbox);
        var journal = new RunJournal(log, run.SessionId, fence, null, lease.Current, time);
        var evaluation = new Evaluation(run, settings, attachments.Open(run.SessionId), slot => new NodeJournal(journal, meter, slot, time));
        var inner = new InnerWorkflows(versions, compiler, evaluation, run.OwnerId);
        var state = new WorkflowState(new Activation(workflow, run.Workflow, null, input), evaluation);
        return new RunMaking(run, workflow, state, evaluation, inner, journal, mailbox, meter);
    }

    /// <summary>Begins at the plan's trigger, or with the plan's selection of nodes.</summary>
    public static Selection? Begin(RunMaking making, WorkflowPlan plan, Func<CompiledNode, StandIn?> values)
    {
        var workflow = making.Workflow;
        var selection = plan.OnlyNode is { } only ? Selection.Only(workflow, workflow.Find(only)!, values)
            : plan.FromNode is { } from ? Selection.From(workflow, workflow.Find(from)!, values) : null;
        if (selection is not null)
        {
            making.State.Begin(selection);
        }
        else
        {
            making.State.Begin(workflow.Find(plan.TriggerNode!)!);
        }

        return selection;
    }

    /// <summary>The loop of a new run.</summary>
    public WorkflowRun New(RunMaking making, Selection? selection) => Finish(making, selection, TimeSpan.Zero, null);

    /// <summary>The loop of a run that was folded.</summary>
    public WorkflowRun Folded(RunMaking making, Selection? selection, WorkflowFold fold) => Finish(making, selection, fold.Active, fold);

    /// <summary>The values that stand in for nodes which a run does not execute: what a person pinned, else those of an earlier run.</summary>
    public async ValueTask<Func<CompiledNode, StandIn?>> ValuesAsync(RunRecord? earlier, CancellationToken cancellationToken)
    {
        var values = earlier is not null ? await EarlierValues.ReadAsync(reader, earlier.Session, earlier.Run, cancellationToken) : [];
        return node => node.Node.Pinned is { } pinned ? new StandIn(node.MainPort, pinned, "pinned") : values.GetValueOrDefault(node.Id);
    }

    private WorkflowRun Finish(RunMaking making, Selection? selection, TimeSpan active, WorkflowFold? fold)
    {
        var run = new WorkflowRun(new WorkflowParts
        {
            Run = making.Run,
            State = making.State,
            Evaluation = making.Evaluation,
            Inner = making.Inner,
            Journal = making.Journal,
            Mailbox = making.Mailbox,
            Meter = making.Meter,
            Clock = new RunClock(time, making.Mailbox, active),
            Limits = Bounds.Of(making.Workflow.Definition.Limits),
            Time = time,
            Logger = logger,
            Live = live,
            Signal = signal,
            Selection = selection,
            Recovered = fold is not null,
            StopRequested = fold?.StopRequested ?? false,
            Warned = fold?.Warned ?? [],
            Asked = fold?.Asked,
        });
        live.Add(making.Run.RunId, run);
        return run;
    }
}

/// <summary>A run's parts while they are put together.</summary>
internal sealed record RunMaking(
    RunIdentity Run, CompiledWorkflow Workflow, WorkflowState State, Evaluation Evaluation, InnerWorkflows Inner, RunJournal Journal, Mailbox Mailbox, UsageMeter Meter);

/// <summary>The values of an earlier run's nodes outside loops, for a run that starts in the middle.</summary>
internal static class EarlierValues
{
    private const int PageSize = 1000;

    private static readonly string[] Types = [EventCatalog.Of<NodeCompleted>().Type];

    /// <summary>The newest value of each node.</summary>
    public static async ValueTask<Dictionary<string, StandIn>> ReadAsync(ISessionReader reader, SessionId session, RunId run, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, StandIn>(StringComparer.Ordinal);
        for (long position = 0; ;)
        {
            var page = await reader.ReadAsync(session, position, long.MaxValue, PageSize, Types, descending: false, cancellationToken);
            foreach (var e in page)
            {
                position = e.Sequence;
                if (e.RunId == run && e.Data is NodeCompleted completed && e.StepId == completed.Node)
                {
                    found[completed.Node] = new StandIn(completed.Port, await JsonContents.ReadAsync(completed.Output, reader, session, cancellationToken), "earlier_run");
                }
            }

            if (page.Count < PageSize)
            {
                return found;
            }
        }
    }
}

using System.Text.Json;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Reads how runs of workflows stand.</summary>
internal sealed class RunStates(IRunDirectory directory, ISessionReader reader)
{
    private const int PageSize = 100;

    private static readonly string[] Ends = [EventCatalog.Of<RunCompleted>().Type, EventCatalog.Of<RunFailed>().Type];

    /// <summary>A run that has just begun.</summary>
    public static WorkflowRunState Running(RunIdentity run) => new()
    {
        SessionId = run.SessionId,
        RunId = run.RunId,
        Status = "running",
        Workflow = run.Workflow,
        StartedAt = run.StartedAt,
    };

    /// <summary>The run, when the actor may see it.</summary>
    public async ValueTask<WorkflowRunState?> FindAsync(RunId run, Actor actor, CancellationToken cancellationToken) =>
        await directory.FindRecordAsync(run, cancellationToken) is { Workflow: not null } record && actor.Owns(record.OwnerId)
            ? await StateAsync(record, cancellationToken)
            : null;

    /// <summary>The run, whoever asks.</summary>
    public async ValueTask<WorkflowRunState?> ReadAsync(RunId run, CancellationToken cancellationToken) =>
        await directory.FindRecordAsync(run, cancellationToken) is { Workflow: not null } record ? await StateAsync(record, cancellationToken) : null;

    private async ValueTask<WorkflowRunState> StateAsync(RunRecord record, CancellationToken cancellationToken)
    {
        var state = new WorkflowRunState
        {
            SessionId = record.Session,
            RunId = record.Run,
            Status = record.Status.ToString().ToLowerInvariant(),
            Workflow = record.Workflow!,
            StartedAt = record.StartedAt,
            EndedAt = record.EndedAt,
        };
        if (record.Status is not (SessionStatus.Completed or SessionStatus.Failed))
        {
            return state;
        }

        return await EndAsync(record, cancellationToken) is { } end ? await WithEndAsync(state, end, cancellationToken) : state;
    }

    /// <summary>A session that a person talks in has many runs: the newest end is looked at first, being the one that is mostly asked for.</summary>
    private async ValueTask<EventData?> EndAsync(RunRecord record, CancellationToken cancellationToken)
    {
        for (var (through, count) = (long.MaxValue, 1); ; count = PageSize)
        {
            var ends = await reader.ReadAsync(record.Session, 0, through, count, Ends, descending: true, cancellationToken);
            if (ends.FirstOrDefault(e => e.RunId == record.Run) is { } end)
            {
                return end.Data;
            }

            if (ends.Count < count)
            {
                return null;
            }

            through = ends[^1].Sequence - 1;
        }
    }

    private async ValueTask<WorkflowRunState> WithEndAsync(WorkflowRunState state, EventData end, CancellationToken cancellationToken)
    {
        if (end is RunFailed failed)
        {
            return state with { Error = new LabError(failed.Code, failed.Message, failed.CanRetry) };
        }

        var completed = (RunCompleted)end;
        var output = await JsonContents.ReadAsync(completed.Output, reader, state.SessionId, cancellationToken);
        return state with
        {
            Output = output.ValueKind == JsonValueKind.Undefined ? null : output,
            Response = completed.Answer is { } head ? new WorkflowResponse(head.Status, head.Headers, output) : null,
        };
    }
}

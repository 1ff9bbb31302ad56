using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Data.Sessions.Log;

/// <summary>
/// The rows that must agree with the events: what each event does to its session's state, its run and its artifacts. Everything here follows from the
/// log alone, so that the rows can be rebuilt from it.
/// </summary>
internal sealed class SessionProjection(ILogStore store, KeyAllocator runKeys, NodeIdentity node, WorkflowEndWatch ends, TaskProjection tasks)
{
    private readonly WaitProjection _waits = new(store);

    /// <summary>Applies one event that is about to be written at <paramref name="sequence"/>.</summary>
    public void Apply(SessionState session, long sequence, RunId? run, string? stepId, int attempt, EventData data, long at)
    {
        switch (data)
        {
            case SessionCreated:
                session.CreatedAt = at;
                break;
            case MessageUser:
                session.Messages++;
                break;
            case RunStarted e:
                Start(session, run!.Value, e, at);
                break;
            case RunPaused:
                session.Status = SessionStatus.Waiting;
                store.Add(LogSql.PauseRun, run!.Value.Value);
                tasks.Wait(run.Value, waits: true, at);
                break;
            case RunStopRequested:
                store.Add(LogSql.AskRunToStop, run!.Value.Value, at);
                break;
            case RunResumed e:
                (session.Status, session.ActiveFence) = (SessionStatus.Running, e.Fence);
                store.Add(LogSql.ResumeRun, run!.Value.Value, e.Node, e.Fence, e.Reason == RunReasons.Recovered ? 1 : 0);
                tasks.Wait(run.Value, waits: false, at);
                break;
            case RunCompleted:
                End(session, run!.Value, RunStatus.Completed, SessionStatus.Completed, null, at);
                tasks.End(run.Value, data, at);
                break;
            case RunFailed e:
                End(session, run!.Value, RunStatus.Failed, SessionStatus.Failed, e.Code, at);
                _waits.EndAll(run.Value, at);
                tasks.End(run.Value, data, at);
                break;
            case RunCancelled:
                End(session, run!.Value, RunStatus.Cancelled, SessionStatus.Cancelled, null, at);
                _waits.EndAll(run.Value, at);
                tasks.End(run.Value, data, at);
                break;
            case StepStarted when run is not null:
                session.NewSteps++;
                break;
            case ModelCompleted e:
                Use(session, run, e.Usage, FirstWord(e, at));
                break;
            case StepRestarted { Usage: { } wasted }:
                Use(session, run, wasted, null);
                break;
            case StepFailed { Usage: { } wasted }:
                Use(session, run, wasted, null);
                break;
            case NodeStarted or NodeWaiting or NodeResumed or NodeFailed or ApprovalRequested or ApprovalDecided when run is { } walked && stepId is not null:
                _waits.Apply(session, sequence, walked, stepId, attempt, data, at);
                break;
            case ArtifactCreated e:
                store.Add(
                    LogSql.InsertArtifact, session.Key, sequence, e.ArtifactId, e.Name, e.Kind, e.ContentType,
                    e.Content.Size ?? System.Text.Encoding.UTF8.GetByteCount(e.Content.Text), e.Content.Blob, at);
                break;
        }
    }

    /// <summary>Writes the counts that gathered in this batch.</summary>
    public void Flush(SessionState session)
    {
        if (session is { NewSteps: > 0, ActiveRunId: { } run })
        {
            store.Add(LogSql.CountSteps, run, session.NewSteps);
        }

        session.NewSteps = 0;
    }

    private void Start(SessionState session, RunId run, RunStarted e, long at)
    {
        (session.Status, session.ActiveRunId, session.ActiveFence) = (SessionStatus.Running, run.Value, 1);
        store.Add(
            LogSql.InsertRun, runKeys.Next(), run.Value, session.Key, session.OwnerId, session.ProjectId, (int)RunStatus.Running, e.Trigger,
            e.AgentId, e.AgentVersion, e.Workflow?.Id, e.Workflow?.Version, e.Workflow?.Name, node.Id, 1L, at);
        tasks.Start(session, run, e.Task, at);
    }

    private void End(SessionState session, RunId run, RunStatus status, SessionStatus sessionStatus, string? code, long at)
    {
        Flush(session);
        (session.Status, session.ActiveRunId, session.ActiveFence) = (sessionStatus, null, 0);
        store.Add(LogSql.EndRun, run.Value, (int)status, at, code);
        if (ends.On)
        {
            store.Add(LogSql.InsertWorkflowEnd, run.Value, status.ToString().ToLowerInvariant(), at);
        }
    }

    /// <summary>An answer that was not streamed came as a whole at its end.</summary>
    private static long FirstWord(ModelCompleted e, long at) => at - ((e.DurationMs - (e.FirstTokenMs ?? e.DurationMs)) * 1000);

    private void Use(SessionState session, RunId? run, UsageTotals usage, long? firstWordAt)
    {
        var nanos = (long)decimal.Round(usage.Cost * 1_000_000_000m);
        session.InputTokens += usage.InputTokens;
        session.OutputTokens += usage.OutputTokens;
        session.CostNanos += nanos;
        if (run is { } id)
        {
            store.Add(LogSql.AddUsage, id.Value, usage.InputTokens, usage.OutputTokens, nanos, firstWordAt);
        }
    }
}

using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine;

namespace AgentLab.Data.Sessions.Log;

/// <summary>The rows of what runs wait for. A wait ends with the event that says so, and whatever is still open with the failure or the stop of its run.</summary>
internal sealed class WaitProjection(ILogStore store)
{
    private const string Withdrawn = "withdrawn";

    /// <summary>Applies one event of a step.</summary>
    public void Apply(SessionState session, long sequence, RunId run, string stepId, int attempt, EventData data, long at)
    {
        switch (data)
        {
            case NodeStarted:
                if (attempt == 1)
                {
                    session.NewSteps++;
                }
                else
                {
                    End(run, stepId, at);
                }

                break;
            case NodeWaiting e:
                Begin(session, sequence, run, stepId, e.Kind, e.DueAt is { } due ? Databases.UtcMicroseconds.From(due) : null, e.KeyHash, e.ApprovalId, at);
                break;
            case ApprovalRequested { Tool: not null, Kind: RunWait.Tool } e:
                Begin(session, sequence, run, stepId, RunWait.Tool, e.ExpiresAt is { } ends ? Databases.UtcMicroseconds.From(ends) : null, null, e.ApprovalId, at, e.Title);
                break;
            case ApprovalRequested e:
                store.Add(LogSql.NameWait, e.ApprovalId, e.Title);
                break;
            case NodeResumed:
                store.Add(LogSql.EndWait, run.Value, stepId);
                break;
            case ApprovalDecided e:
                store.Add(LogSql.CloseQuestion, run.Value, stepId, at, e.Decision, sequence);
                break;
            case NodeFailed e:
                End(run, stepId, at);
                if (e.RetryMs >= RunWait.LongPauseMs)
                {
                    Begin(session, sequence, run, stepId, RunWait.Retry, at + (e.RetryMs.Value * 1000), null, null, at);
                }

                break;
        }
    }

    /// <summary>The run waits for nothing any more.</summary>
    public void EndAll(RunId run, long at)
    {
        store.Add(LogSql.EndWaits, run.Value);
        store.Add(LogSql.CloseQuestions, run.Value, at, Withdrawn);
    }

    private void End(RunId run, string stepId, long at)
    {
        store.Add(LogSql.EndWait, run.Value, stepId);
        store.Add(LogSql.CloseQuestion, run.Value, stepId, at, Withdrawn, null);
    }

    private void Begin(
        SessionState session, long sequence, RunId run, string stepId, string kind, long? due, string? keyHash, Guid? approval, long at, string? title = null) => store.Add(
        LogSql.InsertWait, session.Key, sequence, run.Value, stepId, kind, session.OwnerId, session.ProjectId, due, keyHash, approval, title, at);
}

using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tasks;
using AgentLab.Data.Tasks;

namespace AgentLab.Data.Sessions.Log;

/// <summary>
/// What the events of a run do to the task that it is an attempt at, in the same transaction: so a task's state follows its run's, whichever node ends it, and never contradicts it.
/// </summary>
internal sealed class TaskProjection(ILogStore store, TaskWatch watch, TaskOptions options)
{
    private const int Final = 0;
    private const int Again = 1;
    private const int SetAside = 2;
    private const int Pauses = 4;

    /// <summary>More runs than go on at once in a process; past it what is known is forgotten, which costs statements and nothing else.</summary>
    private const int MostKnown = 10_000;

    /// <summary>Runs that began here and are no attempt at a task: what happens to them costs nothing more. The writer alone uses it.</summary>
    private readonly HashSet<RunId> _without = [];

    /// <summary>A run began.</summary>
    public void Start(SessionState session, RunId run, TaskReference? task, long at)
    {
        if (task is null)
        {
            if (_without.Count >= MostKnown)
            {
                _without.Clear();
            }

            _without.Add(run);
        }
        else
        {
            watch.Goes();
            store.Add(LogSql.StartTask, task.Id, task.Attempt, run.Value, session.Id.Value, at);
            store.Add(LogSql.StartTaskAttempt, task.Id, task.Attempt, run.Value, session.Id.Value);
        }
    }

    /// <summary>A run waits, or goes on.</summary>
    public void Wait(RunId run, bool waits, long at)
    {
        if (!_without.Contains(run))
        {
            watch.Goes();
            store.Add(waits ? LogSql.PauseTask : LogSql.ResumeTask, run.Value, at);
            store.Add(LogSql.MarkTaskAttempt, run.Value, (int)(waits ? LabTaskStatus.Waiting : LabTaskStatus.Running));
        }
    }

    /// <summary>A run ended.</summary>
    public void End(RunId run, EventData end, long at)
    {
        if (_without.Remove(run))
        {
            return;
        }

        watch.Goes();
        switch (end)
        {
            case RunFailed failed:
                EndAttempt(run, LabTaskStatus.Failed, at, failed.Code, failed.Message);
                Fail(LogSql.FailTask, run, at, failed.Code == RunReasons.SetAside ? SetAside : failed.CanRetry ? Again : Final, failed.Code, failed.Message);
                break;
            case RunCancelled:
                EndAttempt(run, LabTaskStatus.Cancelled, at, null, null);
                store.Add(LogSql.CancelTask, run.Value, at);
                Fail(LogSql.FailOverdueTask, run, at, Again, TaskReasons.TimeLimit, TaskReasons.TimeLimitText);
                store.Add(LogSql.FailOverdueTaskAttempt, run.Value, (int)LabTaskStatus.Failed, TaskReasons.TimeLimit, TaskReasons.TimeLimitText);
                break;
            default:
                EndAttempt(run, LabTaskStatus.Completed, at, null, null);
                store.Add(LogSql.CompleteTask, run.Value, at);
                break;
        }
    }

    private void EndAttempt(RunId run, LabTaskStatus status, long at, string? code, string? reason) =>
        store.Add(LogSql.EndTaskAttempt, run.Value, (int)status, at, code, TaskReasons.Kept(reason));

    /// <summary>How many tries there were stands in the row, so that the pauses for all of them go along.</summary>
    private void Fail(LogSql sql, RunId run, long at, int again, string code, string reason)
    {
        var chance = Random.Shared.NextDouble();
        var values = new object?[8 + Pauses];
        (values[0], values[1], values[2], values[3]) = (run.Value, at, again, options.Attempts);
        for (var i = 0; i < Pauses; i++)
        {
            values[4 + i] = TaskMapping.Micros(options.PauseAfter(i + 1, chance));
        }

        (values[8], values[9], values[10]) = (code, TaskReasons.Kept(reason), TaskMapping.Micros(options.Ageing));
        values[11] = TaskMapping.Micros(options.LongestRetryPause);
        store.Add(sql, values);
    }
}

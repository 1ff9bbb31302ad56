using System.Security.Cryptography;
using System.Text;
using AgentLab.Core.Agents;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Engine;
using Microsoft.Extensions.Options;

namespace AgentLab.Core.Tasks;

/// <summary>People's commands on tasks, each one transaction on the task's row.</summary>
internal sealed class TaskCommands(
    ITaskStore store, IAgentStore agents, IWorkflowVersions workflows, ISessionCommands sessions, ITaskSignal signal, IOptions<TaskOptions> options, TimeProvider time) : ITasks
{
    private const int MostAttempts = 100;

    /// <inheritdoc />
    public async Task<Outcome<LabTask>> CreateAsync(TaskDefinition definition, bool queue, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.MayEdit)
        {
            return Outcome<LabTask>.Failure(LabError.Forbidden("Your role may read tasks but not make them."));
        }

        var now = time.GetUtcNow();
        var clean = TaskRules.Clean(definition);
        var (worker, faults) = await CheckAsync(clean, now, actor, cancellationToken);
        if (worker is null)
        {
            return Outcome<LabTask>.Failure(faults);
        }

        var task = Defined(
            new LabTask
            {
                Id = Guid.CreateVersion7(now),
                OwnerId = actor.UserId,
                ProjectId = DefaultProject.Id,
                Title = string.Empty,
                Description = string.Empty,
                Priority = 1,
                Status = LabTaskStatus.Draft,
                Worker = worker,
                TimeLimit = options.Value.TimeLimit,
                CreatedAt = now,
                UpdatedAt = now,
            },
            clean, worker);
        var added = await store.AddAsync(queue ? Queued(task, now) : task, KeyOf(clean, queue, actor), cancellationToken);
        signal.Changed();
        return added is null
            ? Outcome<LabTask>.Failure(new LabError("idempotency_key_reused", "This Idempotency-Key was used for another request. Use a new one."))
            : Outcome<LabTask>.Success(added);
    }

    /// <inheritdoc />
    public async Task<Outcome<LabTask>> EditAsync(Guid id, int version, TaskDefinition definition, Actor actor, CancellationToken cancellationToken)
    {
        if (await FindOwnAsync(id, actor, cancellationToken) is null)
        {
            return Outcome<LabTask>.Failure(LabError.NotFound("task"));
        }

        var now = time.GetUtcNow();
        var clean = TaskRules.Clean(definition);
        var (worker, faults) = await CheckAsync(clean, now, actor, cancellationToken);
        return worker is null
            ? Outcome<LabTask>.Failure(faults)
            : await ChangeAsync(
                id, actor,
                task => task.IsActive ? GoingOn("change") : task.Version != version ? Newer(task) : null,
                task =>
                {
                    var edited = Defined(task, clean, worker) with { Version = task.Version + 1 };
                    return task.Status == LabTaskStatus.Queued ? Queued(edited, now) : edited;
                },
                cancellationToken);
    }

    /// <inheritdoc />
    public Task<Outcome<LabTask>> QueueAsync(Guid id, Actor actor, CancellationToken cancellationToken) => ChangeAsync(
        id, actor, task => task.IsActive ? GoingOn("queue") : null, task => task.Status == LabTaskStatus.Queued ? task : Queued(task, time.GetUtcNow()), cancellationToken);

    /// <inheritdoc />
    public Task<Outcome<LabTask>> RunAsync(Guid id, Actor actor, CancellationToken cancellationToken) => ChangeAsync(
        id, actor, task => task.IsActive ? GoingOn("run") : null, task => Queued(task, time.GetUtcNow()) with { NextRunAt = time.GetUtcNow() }, cancellationToken);

    /// <inheritdoc />
    public Task<Outcome<LabTask>> RetryAsync(Guid id, Actor actor, CancellationToken cancellationToken) => ChangeAsync(
        id, actor,
        task => task.Status is LabTaskStatus.Failed or LabTaskStatus.Dead or LabTaskStatus.Cancelled
            ? null
            : new LabError("conflict", "Only a task that failed, was set aside or was cancelled can be tried again."),
        task => Queued(task, time.GetUtcNow()) with { NextRunAt = time.GetUtcNow() }, cancellationToken);

    /// <inheritdoc />
    public async Task<Outcome<LabTask>> CancelAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        var outcome = await ChangeAsync(
            id, actor,
            task => task.IsOver ? new LabError("conflict", "The task is over already.") : null,
            task => task.IsActive
                ? task with { CancelRequested = true, NextRunAt = null }
                : task with { Status = LabTaskStatus.Cancelled, NextRunAt = null, EndedAt = time.GetUtcNow() },
            cancellationToken);
        if (outcome.Value is not { IsActive: true, SessionId: { } session })
        {
            // Without a run yet, whoever is starting one finds the mark.
            return outcome;
        }

        // The mark stands: whatever becomes of this call, the queue sees to it that the run is asked again.
        await sessions.StopAsync(session, actor, cancellationToken);
        return await store.FindAsync(id, cancellationToken) is { } after ? Outcome<LabTask>.Success(after) : outcome;
    }

    /// <inheritdoc />
    public async Task<Outcome<LabTask>> DeleteAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        if (await FindOwnAsync(id, actor, cancellationToken) is not { } task)
        {
            return Outcome<LabTask>.Failure(LabError.NotFound("task"));
        }

        if (!await store.DeleteAsync(id, cancellationToken))
        {
            return Outcome<LabTask>.Failure(GoingOn("delete"));
        }

        signal.Changed();
        return Outcome<LabTask>.Success(task);
    }

    /// <inheritdoc />
    public async ValueTask<LabTask?> FindAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } task && actor.Owns(task.OwnerId) ? task : null;

    /// <inheritdoc />
    public ValueTask<Page<LabTask>> ListAsync(TaskQuery query, Actor actor, CancellationToken cancellationToken) => store.ListAsync(query, actor, cancellationToken);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<TaskAttempt>?> AttemptsAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
        await FindAsync(id, actor, cancellationToken) is null ? null : await store.AttemptsAsync(id, MostAttempts, cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyDictionary<LabTaskStatus, int>> CountAsync(Actor actor, CancellationToken cancellationToken) => store.CountAsync(actor, cancellationToken);

    /// <summary>What makes a repeated request the same one.</summary>
    private static IdempotencyKey? KeyOf(TaskDefinition definition, bool queue, Actor actor)
    {
        if (definition.Key is not { } key)
        {
            return null;
        }

        var schedule = definition.Schedule;
        var body = string.Join(
            '\u001f', definition.Title, definition.Description, definition.Priority, definition.Agent, definition.Workflow, definition.ProjectId, definition.Context?.GetRawText(),
            schedule.At?.UtcTicks, schedule.Cron, schedule.TimeZone, schedule.Missed, definition.TimeLimit, queue);
        return new IdempotencyKey(actor.UserId.ToString("D"), "tasks.create", key.Key, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body))));
    }

    /// <summary>The task in the queue, with all its tries, for the next time of its schedule.</summary>
    private static LabTask Queued(LabTask task, DateTimeOffset now) => task with
    {
        Status = LabTaskStatus.Queued,
        Attempts = 0,
        ReasonCode = null,
        Reason = null,
        CancelRequested = false,
        NextRunAt = task.Schedule.Next(now) ?? now,
        EndedAt = null,
    };

    private LabTask Defined(LabTask task, TaskDefinition definition, TaskWorker worker) => task with
    {
        Title = definition.Title,
        Description = definition.Description,
        Priority = definition.Priority,
        Worker = worker,
        ProjectId = definition.ProjectId ?? task.ProjectId,
        Context = definition.Context,
        Schedule = definition.Schedule,
        TimeLimit = definition.TimeLimit ?? options.Value.TimeLimit,
    };

    /// <summary>Who does it, or everything that stands in the way.</summary>
    private async Task<(TaskWorker? Worker, IReadOnlyList<LabError> Faults)> CheckAsync(
        TaskDefinition definition, DateTimeOffset now, Actor actor, CancellationToken cancellationToken)
    {
        var faults = TaskRules.Validate(definition, now).ToList();
        TaskWorker? worker = null;
        if (definition is { Agent: { } name, Workflow: null })
        {
            var agent = await agents.FindAsync(name, actor, cancellationToken);
            worker = agent is null ? null : new TaskWorker(TaskWorkerKind.Agent, agent.Id, agent.Name);
            if (agent is null || agent.Status is AgentStatus.Disabled or AgentStatus.Archived)
            {
                faults.Add(LabError.Invalid("agent", agent is null ? "There is no such agent, or you may not see it." : $"The agent {agent.Name} starts no runs: it is switched off."));
            }
        }
        else if (definition is { Workflow: { } slug, Agent: null })
        {
            var found = await workflows.ResolveAsync(slug, null, cancellationToken);
            worker = found is null ? null : new TaskWorker(TaskWorkerKind.Workflow, found.Workflow.Id, found.Workflow.Name);
            if (found?.Definition is null)
            {
                faults.Add(LabError.Invalid("workflow", "There is no such workflow with a published version. Publish it first."));
            }
        }

        if (definition.ProjectId is { } project && project != DefaultProject.Id)
        {
            faults.Add(LabError.Invalid("project", "There is no such project, or you may not see it."));
        }

        return faults.Count > 0 ? (null, faults) : (worker, faults);
    }

    private async Task<LabTask?> FindOwnAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
        actor.MayEdit ? await FindAsync(id, actor, cancellationToken) : null;

    private async Task<Outcome<LabTask>> ChangeAsync(
        Guid id, Actor actor, Func<LabTask, LabError?> refuse, Func<LabTask, LabTask> change, CancellationToken cancellationToken)
    {
        LabError? refusal = null;
        var changed = await store.ChangeAsync(
            id,
            task =>
            {
                refusal = actor.MayEdit && actor.Owns(task.OwnerId) ? refuse(task) : LabError.NotFound("task");
                return refusal is null ? change(task) : null;
            },
            cancellationToken);
        if (changed is null || refusal is not null)
        {
            return Outcome<LabTask>.Failure(refusal ?? LabError.NotFound("task"));
        }

        signal.Changed();
        return Outcome<LabTask>.Success(changed);
    }

    private static LabError GoingOn(string verb) => new("conflict", $"The task is going on. Wait for its end or cancel it before you {verb} it.", CanRetry: true);

    private static LabError Newer(LabTask task) =>
        new("version_conflict", $"Somebody saved version {task.Version} of this task meanwhile. Load it, put your change in and save again.");
}

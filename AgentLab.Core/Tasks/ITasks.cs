using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;

namespace AgentLab.Core.Tasks;

/// <summary>
/// What people do with tasks; pages, API and workflows all come through here. A task is seen and changed by its owner and by administrators; what the asker may not see reads as
/// <c>not_found</c>. Every answer is given after the commit.
/// </summary>
public interface ITasks
{
    /// <summary>Makes a task; queues it by its schedule unless it is to stay a draft. Errors: <c>invalid</c> (each wrong field), <c>forbidden</c>, <c>idempotency_key_reused</c>.</summary>
    Task<Outcome<LabTask>> CreateAsync(TaskDefinition definition, bool queue, Actor actor, CancellationToken cancellationToken);

    /// <summary>
    /// Changes a task that is not going on; one in the queue waits by its new schedule. Errors: <c>invalid</c>, <c>not_found</c>, <c>conflict</c> (it is going on),
    /// <c>version_conflict</c> (somebody edited it since <paramref name="version"/>).
    /// </summary>
    Task<Outcome<LabTask>> EditAsync(Guid id, int version, TaskDefinition definition, Actor actor, CancellationToken cancellationToken);

    /// <summary>Puts a task that is not going on into the queue, by its schedule. Errors: <c>not_found</c>, <c>conflict</c>.</summary>
    Task<Outcome<LabTask>> QueueAsync(Guid id, Actor actor, CancellationToken cancellationToken);

    /// <summary>Starts a task as soon as the limits allow, whatever its schedule says; the schedule goes on afterwards. Errors: <c>not_found</c>, <c>conflict</c>.</summary>
    Task<Outcome<LabTask>> RunAsync(Guid id, Actor actor, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a task out of the queue and off its schedule, and stops its run if one is going on; then it is cancelled as soon as the run has ended. Errors: <c>not_found</c>,
    /// <c>conflict</c> (it is over).
    /// </summary>
    Task<Outcome<LabTask>> CancelAsync(Guid id, Actor actor, CancellationToken cancellationToken);

    /// <summary>Tries a task again that failed, was set aside or was cancelled, with all its tries. Errors: <c>not_found</c>, <c>conflict</c>.</summary>
    Task<Outcome<LabTask>> RetryAsync(Guid id, Actor actor, CancellationToken cancellationToken);

    /// <summary>Deletes a task that is not going on; the sessions of its attempts stay. Errors: <c>not_found</c>, <c>conflict</c>.</summary>
    Task<Outcome<LabTask>> DeleteAsync(Guid id, Actor actor, CancellationToken cancellationToken);

    /// <summary>The task; null when there is none for this actor.</summary>
    ValueTask<LabTask?> FindAsync(Guid id, Actor actor, CancellationToken cancellationToken);

    /// <summary>One page, the newest first.</summary>
    /// <exception cref="FormatException">The cursor is not one of this list.</exception>
    ValueTask<Page<LabTask>> ListAsync(TaskQuery query, Actor actor, CancellationToken cancellationToken);

    /// <summary>Its attempts, the newest first, at most 100; null when there is no such task for this actor.</summary>
    ValueTask<IReadOnlyList<TaskAttempt>?> AttemptsAsync(Guid id, Actor actor, CancellationToken cancellationToken);

    /// <summary>How many tasks stand how, of those that this actor sees.</summary>
    ValueTask<IReadOnlyDictionary<LabTaskStatus, int>> CountAsync(Actor actor, CancellationToken cancellationToken);
}

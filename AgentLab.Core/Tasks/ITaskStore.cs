using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;

namespace AgentLab.Core.Tasks;

/// <summary>The rows of tasks. Rights are not looked at here, but for lists.</summary>
public interface ITaskStore
{
    /// <summary>
    /// Adds a task, or finds the one that the same request has added before. It is durable when this returns. Null when the key was used for another request.
    /// </summary>
    Task<LabTask?> AddAsync(LabTask task, IdempotencyKey? request, CancellationToken cancellationToken);

    /// <summary>The task; null when there is none.</summary>
    ValueTask<LabTask?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Changes a task in one transaction: the function is given the task as it is and says how it shall be, or null to leave it. It may be called again when somebody else changed the
    /// task meanwhile. Returns the task as it is afterwards; null when there is none.
    /// </summary>
    Task<LabTask?> ChangeAsync(Guid id, Func<LabTask, LabTask?> change, CancellationToken cancellationToken);

    /// <summary>Deletes a task unless it is going on; whether it is gone.</summary>
    Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>One page of those that the actor owns, or of all for administrators; the newest first.</summary>
    ValueTask<Page<LabTask>> ListAsync(TaskQuery query, Actor actor, CancellationToken cancellationToken);

    /// <summary>Attempts of a task, the newest first.</summary>
    ValueTask<IReadOnlyList<TaskAttempt>> AttemptsAsync(Guid id, int max, CancellationToken cancellationToken);

    /// <summary>How many tasks stand how.</summary>
    ValueTask<IReadOnlyDictionary<LabTaskStatus, int>> CountAsync(Actor actor, CancellationToken cancellationToken);
}

/// <summary>The rows of tasks as the queue sees them.</summary>
public interface ITaskQueue
{
    /// <summary>
    /// Takes tasks that may start now for this node: their time has come, and the limits of instance, project and worker allow it; the highest priority first, each pause of
    /// <see cref="TaskOptions.Ageing"/> counting as one. Each has begun an attempt and is running when this returns, and no other node has it. Empty at the cost of one read when nothing is due.
    /// </summary>
    Task<IReadOnlyList<LabTask>> AdmitAsync(string node, CancellationToken cancellationToken);

    /// <summary>The node's attempt could not be started, unless another node has it meanwhile. The task is tried again later when that can help, else it ends with the reason.</summary>
    Task FailStartAsync(LabTask task, string node, LabError error, CancellationToken cancellationToken);

    /// <summary>Takes attempts over that were taken and have no run: by a node that ended, or by this one more than half a minute ago.</summary>
    Task<IReadOnlyList<LabTask>> TakeAbandonedAsync(string node, CancellationToken cancellationToken);

    /// <summary>Marks and returns tasks whose attempt takes longer than its limit, and those of which an end was asked for and has not come yet.</summary>
    Task<IReadOnlyList<LabTask>> TakeOverdueAsync(CancellationToken cancellationToken);

    /// <summary>Tasks that wait for a time for which nobody has ordered a wake-up.</summary>
    ValueTask<IReadOnlyList<TaskWake>> UnorderedAsync(int max, CancellationToken cancellationToken);

    /// <summary>The wake-up was ordered.</summary>
    Task OrderedAsync(IReadOnlyList<TaskWake> wakes, CancellationToken cancellationToken);

    /// <summary>Whether any task waits for a time.</summary>
    ValueTask<bool> AnyLaterAsync(CancellationToken cancellationToken);
}

/// <summary>That a task shall be looked at.</summary>
/// <param name="Task">The task.</param>
/// <param name="At">When.</param>
public readonly record struct TaskWake(Guid Task, DateTimeOffset At);

/// <summary>Carries wake-ups: keeps them durably, spreads them over the nodes and rings at their time. One that comes twice or late does no harm.</summary>
public interface ITaskWakes
{
    /// <summary>Orders a wake-up for a task, in place of an earlier one.</summary>
    Task OrderAsync(TaskWake wake, CancellationToken cancellationToken);

    /// <summary>Lets this node ring too. Until it is called for the first time nothing is started, so that an instance without times to wait for pays nothing.</summary>
    Task StartAsync(CancellationToken cancellationToken);
}

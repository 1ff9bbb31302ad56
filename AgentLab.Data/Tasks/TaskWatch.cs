namespace AgentLab.Data.Tasks;

/// <summary>
/// Tells the queue that a run moved on that may be an attempt at a task, as soon as that is committed: a place may have become free.
/// </summary>
internal sealed class TaskWatch
{
    private volatile bool _moved;

    /// <summary>Called after a commit in which a run moved on. It must be quick.</summary>
    public Action? Moved { get; set; }

    /// <summary>A run moves on, in the transaction that is being written.</summary>
    public void Goes() => _moved = true;

    /// <summary>What was written is committed.</summary>
    public void Committed()
    {
        if (_moved)
        {
            _moved = false;
            Moved?.Invoke();
        }
    }
}

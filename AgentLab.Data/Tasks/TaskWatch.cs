namespace AgentLab.Data.Tasks;

/// <summary>
/// What the log's writer knows of tasks. While it is known that there are none, ends of runs cost nothing more; when a run moved on that may be an attempt at one, the queue is told as
/// soon as that is committed, since a place may have become free.
/// </summary>
internal sealed class TaskWatch
{
    private volatile bool _on = true;
    private volatile bool _moved;

    /// <summary>Called after a commit in which a run moved on. It must be quick.</summary>
    public Action? Moved { get; set; }

    /// <summary>Whether there may be tasks.</summary>
    public bool On
    {
        get => _on;
        set => _on = value;
    }

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

namespace AgentLab.Data.Sessions.Log;

/// <summary>
/// Whether ends of runs are noted for workflows that start by them. Off only while it is known that there are none, so that the end of every other run costs nothing more.
/// </summary>
internal sealed class WorkflowEndWatch
{
    private volatile bool _on = true;

    /// <summary>Whether to note.</summary>
    public bool On
    {
        get => _on;
        set => _on = value;
    }
}

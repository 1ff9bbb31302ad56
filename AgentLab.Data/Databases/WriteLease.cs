namespace AgentLab.Data.Databases;

/// <summary>The right to write, until disposed.</summary>
public sealed class WriteLease : IDisposable
{
    private WriteGate? _gate;

    internal WriteLease(WriteGate gate)
    {
        _gate = gate;
    }

    /// <summary>Lets the next writer in. A second call does nothing.</summary>
    public void Dispose() => Interlocked.Exchange(ref _gate, null)?.Leave();
}

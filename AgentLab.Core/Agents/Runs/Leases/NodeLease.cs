using AgentLab.Core.Sessions;

namespace AgentLab.Core.Agents.Runs.Leases;

/// <summary>The present term of this process, and whether it may judge other nodes.</summary>
internal sealed class NodeLease : INodeLease, IDisposable
{
    private readonly NodeIdentity _node;
    private readonly TimeProvider _time;
    private volatile LeaseTerm _current;
    private long _judgesFrom;

    /// <summary>Before a keeper has entered the node, and where nobody else can serve the database, the lease never ends.</summary>
    public NodeLease(NodeIdentity node, TimeProvider time)
    {
        (_node, _time, _judgesFrom) = (node, time, time.GetTimestamp());
        _current = new LeaseTerm(node.Id, Timeout.InfiniteTimeSpan, time);
    }

    /// <summary>The term that begins what is taken now.</summary>
    public LeaseTerm Current => _current;

    /// <summary>Whether a term was lost since the process began: only then can a row carry an id of this process that does not count any more.</summary>
    public bool Broken { get; private set; }

    /// <summary>
    /// Whether this node may strike out others. Not for a lease's time after it was late itself or could not reach the database: others could not either, and everybody is given the
    /// time to renew.
    /// </summary>
    public bool MayJudge => _current.Held && _time.GetTimestamp() >= Volatile.Read(ref _judgesFrom);

    /// <inheritdoc />
    public string NodeId => _current.Id;

    /// <inheritdoc />
    public bool Held => _current.Held;

    /// <inheritdoc />
    public ValueTask HoldAsync(CancellationToken cancellationToken) => _current.HoldAsync(cancellationToken);

    /// <summary>A term whose lease was asked for at <paramref name="asked"/> begins.</summary>
    public void Begin(Moment asked)
    {
        var term = new LeaseTerm(_node.Id, _node.Lease, _time);
        term.Renewed(asked);
        _current = term;
    }

    /// <summary>A renewal came through.</summary>
    public void Renewed(LeaseTerm term, Moment asked)
    {
        if (!term.Held)
        {
            Doubt();
        }

        term.Renewed(asked);
    }

    /// <summary>The database could not be reached.</summary>
    public void Doubt() => Volatile.Write(ref _judgesFrom, _time.GetTimestamp() + (long)(_node.Lease.TotalSeconds * _time.TimestampFrequency));

    /// <summary>The present term is over. The node takes another id, under which it must be entered anew.</summary>
    public void Lose()
    {
        Broken = true;
        _node.Rename();
        _current.Lose();
    }

    /// <inheritdoc />
    public void Dispose() => _current.Dispose();
}

namespace AgentLab.Core.Sessions;

/// <summary>What this process calls itself in the rows that it owns.</summary>
/// <param name="name">The node's name, stable over restarts.</param>
/// <param name="lease">How long it stays the owner of its runs without a sign of life.</param>
public sealed class NodeIdentity(string name, TimeSpan lease)
{
    private volatile string _id = NewId(name);

    /// <summary>The node's name, stable over restarts.</summary>
    public string Name => name;

    /// <summary>How long it stays the owner of its runs without a sign of life.</summary>
    public TimeSpan Lease => lease;

    /// <summary>
    /// Names this process as an owner: the name and a random part. An id whose lease was lost is never used again, so that whoever found the lease expired needs not fear that
    /// its holder comes back.
    /// </summary>
    public string Id => _id;

    /// <summary>Takes another id.</summary>
    internal void Rename() => _id = NewId(name);

    private static string NewId(string name) => $"{name}/{Guid.NewGuid().ToString("N")[..12]}";
}

namespace AgentLab.Core.Sessions;

/// <summary>What this process calls itself in the rows that it owns.</summary>
/// <param name="Name">The node's name, stable over restarts.</param>
/// <param name="Lease">How long a run stays owned without a sign of life.</param>
public sealed record NodeIdentity(string Name, TimeSpan Lease);

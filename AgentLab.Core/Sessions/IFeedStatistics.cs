namespace AgentLab.Core.Sessions;

/// <summary>How much is being watched, for health and metrics.</summary>
public interface IFeedStatistics
{
    /// <summary>How many cursors are open: pages, hub streams and server-sent events together.</summary>
    int Viewers { get; }

    /// <summary>How many sessions have their newest events in memory.</summary>
    int Sessions { get; }
}

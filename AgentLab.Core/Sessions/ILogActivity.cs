namespace AgentLab.Core.Sessions;

/// <summary>Tells whether something was written, without saying what: for viewers of figures over all sessions, who look again only after a change.</summary>
public interface ILogActivity
{
    /// <summary>How many groups of appends this process has committed; it only rises.</summary>
    long Commits { get; }
}

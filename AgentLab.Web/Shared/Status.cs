namespace AgentLab.Web.Shared;

/// <summary>What a thing's state means to a person: one colour, one icon each, the same everywhere.</summary>
public enum Status
{
    /// <summary>Not begun, or quiet. Grey.</summary>
    Waiting,

    /// <summary>At work now. Blue.</summary>
    Running,

    /// <summary>Nothing happens until a person acts. Amber.</summary>
    NeedsPerson,

    /// <summary>Ended well. Green.</summary>
    Done,

    /// <summary>Ended with an error. Red.</summary>
    Failed,

    /// <summary>Ended because someone said so. Neutral.</summary>
    Cancelled,
}

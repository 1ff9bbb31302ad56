namespace AgentLab.Core.Identity;

/// <summary>Who does something, as far as the domain needs to know.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Role">What the user may do.</param>
/// <param name="SignInSession">The sign-in session it came by, if any.</param>
public sealed record Actor(Guid UserId, ActorRole Role, Guid? SignInSession = null)
{
    /// <summary>Whether this is an administrator.</summary>
    public bool IsAdministrator => Role == ActorRole.Admin;

    /// <summary>Whether this actor may change agents and run them.</summary>
    public bool MayEdit => Role is ActorRole.Admin or ActorRole.Editor;

    /// <summary>The one predicate for owned things: its owner and administrators may see and change it.</summary>
    public bool Owns(Guid ownerId) => IsAdministrator || ownerId == UserId;
}

/// <summary>The roles, from least to most.</summary>
public enum ActorRole
{
    /// <summary>Reads what was shared; runs nothing.</summary>
    Viewer,

    /// <summary>Makes agents and sessions.</summary>
    Editor,

    /// <summary>May do everything and sees everything.</summary>
    Admin,
}

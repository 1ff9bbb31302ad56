namespace AgentLab.Core.Identity;

/// <summary>The names of roles, as they are stored, shown and sent.</summary>
public static class Roles
{
    /// <summary>May do everything and sees everything.</summary>
    public const string Admin = "admin";

    /// <summary>Makes agents and sessions.</summary>
    public const string Editor = "editor";

    /// <summary>Reads what was shared; runs nothing.</summary>
    public const string Viewer = "viewer";

    /// <summary>All names, from most to least.</summary>
    public static IReadOnlyList<string> All { get; } = [Admin, Editor, Viewer];

    /// <summary>The name of <paramref name="role"/>.</summary>
    public static string Name(ActorRole role) => role switch
    {
        ActorRole.Admin => Admin,
        ActorRole.Editor => Editor,
        _ => Viewer,
    };

    /// <summary>The most that <paramref name="names"/> allow; unknown names allow nothing, and no name at all is a viewer.</summary>
    public static ActorRole Highest(IEnumerable<string> names)
    {
        var role = ActorRole.Viewer;
        foreach (var name in names)
        {
            role = (ActorRole)Math.Max((int)role, (int)(name switch { Admin => ActorRole.Admin, Editor => ActorRole.Editor, _ => ActorRole.Viewer }));
        }

        return role;
    }
}

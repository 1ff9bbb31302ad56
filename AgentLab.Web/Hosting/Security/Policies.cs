namespace AgentLab.Web.Hosting.Security;

/// <summary>Names for <c>RequireAuthorization</c> and <c>[Authorize]</c>. Without one, an endpoint takes every signed-in person and nobody else.</summary>
public static class Policies
{
    /// <summary>Administrators.</summary>
    public const string Admin = "admin";

    /// <summary>Editors and administrators.</summary>
    public const string Editor = "editor";
}

using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;

namespace AgentLab.Web.Shared;

/// <summary>The signed-in person behind a page.</summary>
/// <param name="Actor">Who acts.</param>
/// <param name="Viewer">The same person as a viewer of sessions, whose right is asked again and again.</param>
/// <param name="Name">What the person is called.</param>
public sealed record Person(Actor Actor, ISessionViewer Viewer, string Name);

/// <summary>Tells a page who is signed in.</summary>
public interface ICurrentPerson
{
    /// <summary>The person. Pages that need one are authorised before they are built.</summary>
    /// <exception cref="UnauthorizedAccessException">Nobody is signed in, or the sign-in has ended.</exception>
    ValueTask<Person> GetAsync(CancellationToken cancellationToken);
}

namespace AgentLab.Web.Hosting.Problems;

/// <summary>One kind of error over HTTP.</summary>
/// <param name="Code">The stable code: snake case, never reused for something else.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">What happened, the same sentence each time.</param>
/// <param name="Mend">What to do about it.</param>
/// <param name="Retry">Whether the same request can succeed later without a change.</param>
public sealed record ErrorEntry(string Code, int Status, string Title, string Mend, bool Retry = false);

namespace AgentLab.Core.Sessions.Events;

/// <summary><c>artifact.created</c>: a named result of the session.</summary>
/// <param name="ArtifactId">Its identity.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Kind"><c>text</c>, <c>file</c>, <c>table</c> or <c>json</c>.</param>
/// <param name="ContentType">The media type.</param>
/// <param name="Content">The content, or its beginning and the hash of the rest.</param>
public sealed record ArtifactCreated(Guid ArtifactId, string Name, string Kind, string ContentType, TextContent Content) : EventData;

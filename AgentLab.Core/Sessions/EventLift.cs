using System.Text.Json.Nodes;

namespace AgentLab.Core.Sessions;

/// <summary>
/// Lifts the content of an event from one version of its kind to the next: given what was written then, it gives what would be written now. It looks at nothing else and keeps members that
/// it does not know, so that the same bytes always give the same content.
/// </summary>
/// <param name="content">The content as the older version wrote it; may be changed in place and given back.</param>
public delegate JsonObject EventLift(JsonObject content);

using AgentLab.Core.Sessions;

namespace AgentLab.Web.Features.Sessions.Streams;

/// <summary>How states are written for clients.</summary>
internal static class SessionWords
{
    private static readonly string[] Statuses = [.. Enum.GetNames<SessionStatus>().Select(name => name.ToLowerInvariant())];

    /// <summary>The word for a status: <c>idle</c>, <c>running</c>, <c>waiting</c>, <c>completed</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public static string Of(SessionStatus status) => Statuses[(int)status];
}

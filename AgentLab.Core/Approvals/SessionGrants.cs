using System.Collections.Concurrent;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Approvals;

/// <summary>
/// The tools that a person allowed for the rest of a session, folded from its log. A session keeps the version of the agent that it began with, so that what was allowed is allowed to that
/// version alone.
/// </summary>
public sealed class SessionGrants
{
    private readonly ConcurrentDictionary<Guid, string> _asked = new();
    private readonly ConcurrentDictionary<string, Guid> _allowed = new(StringComparer.Ordinal);

    /// <summary>Takes in one event of the session, whichever run it belongs to; other types are ignored.</summary>
    public void Apply(EventData? data)
    {
        if (data is ApprovalRequested { Tool: { } tool } asked)
        {
            _asked[asked.ApprovalId] = tool;
        }
        else if (data is ApprovalDecided decided && _asked.TryRemove(decided.ApprovalId, out var named) && decided is { ForSession: true, Decision: "approved", By: { } by })
        {
            _allowed[named] = by;
        }
    }

    /// <summary>Who allowed the tool for the session; null when nobody did.</summary>
    public Guid? AllowedBy(string tool) => _allowed.TryGetValue(tool, out var by) ? by : null;
}

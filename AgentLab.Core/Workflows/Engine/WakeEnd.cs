using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>What ends a wait, in both of its forms: the event that records it and what the node is told.</summary>
/// <param name="Cause"><c>due</c>, <c>delivered</c>, <c>approved</c>, <c>rejected</c> or <c>submitted</c>.</param>
/// <param name="ApprovalId">The question that it answers.</param>
/// <param name="Hash">The hash of the details that were answered.</param>
/// <param name="Data">What came with it; undefined for nothing.</param>
/// <param name="By">Who decided.</param>
/// <param name="Reason">Why, in the person's words.</param>
/// <param name="DataHash">The hash of the question with the details as edited.</param>
/// <param name="ForSession">Whether the tool need not be asked about again in this session.</param>
internal sealed record WakeEnd(
    string Cause, Guid? ApprovalId, string? Hash, JsonElement Data, Guid? By = null, string? Reason = null, string? DataHash = null, bool ForSession = false)
{
    public const string Due = "due";
    public const string Delivered = "delivered";

    /// <summary>The event.</summary>
    public EventData ToEvent(ICollection<Blob> blobs)
    {
        var data = Data.ValueKind == JsonValueKind.Undefined ? null : JsonContents.Of(Data, blobs);
        return ApprovalId is { } approval
            ? new ApprovalDecided(approval, Cause == Due ? "expired" : Cause, Hash ?? string.Empty, By, Reason, data, DataHash, ForSession ? true : null)
            : new NodeResumed(Cause, data);
    }

    /// <summary>What the node is told.</summary>
    public WaitEnd ToWaitEnd() => new(Cause, Data.ValueKind == JsonValueKind.Undefined ? null : Data, By, Reason);

    /// <summary>What the node is told of a recorded end; null for another event.</summary>
    public static async ValueTask<WaitEnd?> ReadAsync(EventData? data, ISessionReader reader, SessionId session, CancellationToken cancellationToken)
    {
        switch (data)
        {
            case NodeResumed e:
                return new WaitEnd(e.Cause, await ValueAsync(e.Data, reader, session, cancellationToken));
            case ApprovalDecided e:
                var value = await ValueAsync(e.Data, reader, session, cancellationToken);
                return new WaitEnd(e.Decision == "expired" ? Due : e.Decision, value, e.By, e.Reason);
            default:
                return null;
        }
    }

    private static async ValueTask<JsonElement?> ValueAsync(JsonContent? content, ISessionReader reader, SessionId session, CancellationToken cancellationToken) =>
        content is null ? null : await JsonContents.ReadAsync(content, reader, session, cancellationToken);
}

using System.Globalization;

namespace AgentLab.Core.Approvals;

/// <summary>A place in a list of questions: a time (UTC microseconds), then the key of the row.</summary>
/// <param name="At">When it was asked; of those that are over, when they ended.</param>
/// <param name="Session">The session's key inside.</param>
/// <param name="Sequence">The event that asked.</param>
public readonly record struct ApprovalPlace(long At, long Session, long Sequence)
{
    /// <summary>The place that a cursor names; null when it names none.</summary>
    public static ApprovalPlace? Read(string? cursor) =>
        cursor?.Split('.') is [var at, var session, var sequence] && Number(at) is { } a && Number(session) is { } s && Number(sequence) is { } n ? new ApprovalPlace(a, s, n) : null;

    /// <summary>The cursor.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At}.{Session}.{Sequence}");

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}

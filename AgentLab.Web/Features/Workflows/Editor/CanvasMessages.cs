using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AgentLab.Web.Features.Workflows.Editor;

/// <summary>A gesture as the canvas sends it.</summary>
/// <param name="BaseRev">The revision that it was made on.</param>
/// <param name="TxId">The canvas' own name for it.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Ops">The operations, as <c>WorkflowOperation</c> is written.</param>
public sealed record CanvasCommit(long BaseRev, string TxId, string Label, JsonElement Ops)
{
    /// <summary>The gesture's id at the store: the same name by the same person is the same gesture, however often it is sent.</summary>
    public Guid Gesture(Guid user) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{user:N}/{TxId}")).AsSpan(0, 16));
}

/// <summary>A gesture whose operations come apart from it.</summary>
/// <param name="BaseRev">The revision that it was made on.</param>
/// <param name="TxId">The canvas' own name for it.</param>
/// <param name="Label">What it is called.</param>
public sealed record CanvasGesture(long BaseRev, string TxId, string Label);

/// <summary>What became of a gesture.</summary>
/// <param name="Rev">The draft's revision now.</param>
/// <param name="Rejected">It was refused, and the canvas takes it back.</param>
/// <param name="Reason">Why, for the person.</param>
public sealed record CanvasAnswer(long Rev, bool Rejected = false, string? Reason = null);

/// <summary>Which part of a workflow to run.</summary>
/// <param name="FromNode">From this node on.</param>
/// <param name="OnlyNode">This node alone.</param>
public sealed record CanvasRun(string? FromNode = null, string? OnlyNode = null);

namespace AgentLab.Core.Sessions.Events;

/// <summary><c>model.requested</c>: what a model is asked. The prompt is the instructions and the conversation folded from the log through <paramref name="ContextThrough"/>, so that it need not be written again with every call.</summary>
/// <param name="Model">The agent's model reference.</param>
/// <param name="InstructionsHash">SHA-256 (hex) of the instructions; the text is the blob of that hash.</param>
/// <param name="ContextThrough">The last sequence that is part of the prompt.</param>
/// <param name="MessageCount">How many messages the prompt holds, instructions included.</param>
/// <param name="Tools">The names of the tools on offer.</param>
/// <param name="Temperature">The sampling temperature, when set.</param>
/// <param name="Agent">The agent that works inside a node of a workflow, in the version that the step began with and keeps; null elsewhere.</param>
public sealed record ModelRequested(
    string Model, string InstructionsHash, long ContextThrough, int MessageCount, IReadOnlyList<string> Tools, double? Temperature, AgentReference? Agent = null) : EventData;

/// <summary>An agent in one version.</summary>
/// <param name="Id">The agent.</param>
/// <param name="Version">The version.</param>
public sealed record AgentReference(Guid Id, int Version);

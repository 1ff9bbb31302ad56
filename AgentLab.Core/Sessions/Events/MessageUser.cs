namespace AgentLab.Core.Sessions.Events;

/// <summary><c>message.user</c>: a person's message.</summary>
/// <param name="Text">The message, trimmed, 1 to the configured number of characters.</param>
/// <param name="Attachments">Files that came with it.</param>
/// <param name="Replaces">The sequence of the earlier message that this one takes the place of (edit-and-resend, retry): the conversation goes on from there as if nothing after it had been said. The log keeps both.</param>
public sealed record MessageUser(string Text, IReadOnlyList<AttachmentReference>? Attachments = null, long? Replaces = null) : EventData;

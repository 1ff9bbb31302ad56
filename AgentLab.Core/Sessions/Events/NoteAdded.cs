namespace AgentLab.Core.Sessions.Events;

/// <summary><c>note.added</c>: a person wrote a remark beside what happened. It is for people: no model is shown it and no run changes by it.</summary>
/// <param name="Text">The remark, plain text.</param>
/// <param name="By">The user who wrote it.</param>
public sealed record NoteAdded(string Text, Guid By) : EventData;

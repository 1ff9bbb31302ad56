namespace AgentLab.Core.Sessions.Events;

/// <summary>
/// The content of an event. Each kind is a sealed record, registered in <see cref="EventCatalog"/> under its stable dotted type.
/// It never repeats the session's id or the event's sequence, so that a fork's prefix is byte-identical.
/// </summary>
public abstract record EventData;

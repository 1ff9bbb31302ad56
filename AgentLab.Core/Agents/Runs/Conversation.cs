using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Agents.Runs;

/// <summary>
/// What was said in a session, folded from its log: messages, answers and tool results, with edited messages in the place of the ones they replace.
/// Prompts are made from it.
/// </summary>
public sealed class Conversation
{
    /// <summary>The event types that it is folded from: what a reader needs to read.</summary>
    public static IReadOnlyCollection<string> Types { get; } =
    [
        EventCatalog.Of<MessageUser>().Type,
        EventCatalog.Of<ModelCompleted>().Type,
        EventCatalog.Of<ToolCompleted>().Type,
        EventCatalog.Of<ToolFailed>().Type,
    ];

    private readonly List<Turn> _turns = [];

    /// <summary>The turns in order.</summary>
    public IReadOnlyList<Turn> Turns => _turns;

    /// <summary>The newest message of a person; null when there is none.</summary>
    public Turn? LastMessage => _turns.FindLast(t => t.Data is MessageUser);

    /// <summary>Takes in one event, in order; other types are ignored.</summary>
    public void Apply(SessionEvent e)
    {
        switch (e.Data)
        {
            case MessageUser message:
                if (message.Replaces is { } replaced)
                {
                    _turns.RemoveAll(t => t.Sequence >= replaced);
                }

                _turns.Add(new Turn(e.Sequence, message));
                break;
            case ModelCompleted or ToolCompleted or ToolFailed:
                Insert(new Turn(e.Sequence, e.Data));
                break;
        }
    }

    /// <summary>Tools that ran side by side may report here in another order than the log has their results in.</summary>
    private void Insert(Turn turn)
    {
        var place = _turns.FindLastIndex(t => t.Sequence < turn.Sequence) + 1;
        _turns.Insert(place, turn);
    }
}

/// <summary>One part of a conversation.</summary>
/// <param name="Sequence">The event it comes from.</param>
/// <param name="Data">A message, an answer or a tool's result.</param>
public sealed record Turn(long Sequence, EventData Data);

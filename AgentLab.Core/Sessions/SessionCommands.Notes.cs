using AgentLab.Core.Identity;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Sessions;

/// <summary>Remarks of people in a session's log.</summary>
internal sealed partial class SessionCommands
{
    /// <inheritdoc />
    public async Task<Outcome<CommandReceipt>> AddNoteAsync(AddNote command, Actor actor, CancellationToken cancellationToken)
    {
        if (CheckText("text", "note", command.Text, command.Key) is { Count: > 0 } errors)
        {
            return Outcome<CommandReceipt>.Failure(errors);
        }

        var text = command.Text.Trim();
        var key = KeyOf(command.Key, actor, "sessions.note", command.SessionId.Value, text, []);
        if (await ReplayAsync(key, cancellationToken) is { } replayed)
        {
            return replayed;
        }

        if (await FindOwnAsync(command.SessionId, actor, cancellationToken) is null)
        {
            return Outcome<CommandReceipt>.Failure(LabError.NotFound("session"));
        }

        return await LandAsync(new SessionAppend(command.SessionId, [new NewEvent(new NoteAdded(text, actor.UserId))]) { Idempotency = key }, cancellationToken);
    }
}

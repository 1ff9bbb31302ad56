using AgentLab.Core.Hosting.Hints;
using AgentLab.Core.Sessions;
using AgentLab.Data.Databases;
using AgentLab.Data.Sessions.Feed;
using AgentLab.Data.Sessions.Log;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Sessions;

/// <summary>Titles and deletion.</summary>
internal sealed class SessionStore(LabDatabase database, ILogStore log, TailCache tails, IHints hints, TimeProvider time) : ISessionStore
{
    /// <inheritdoc />
    public async Task RenameAsync(SessionId id, string title, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            (context, token) => context.Set<SessionRow>()
                .Where(s => s.Id == id.Value && s.DeletedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.Title, title).SetProperty(s => s.NormalizedTitle, title.ToUpperInvariant()), token),
            cancellationToken);
        tails.Forget(id);
        hints.Send(new Hint(HintKind.Changed, id.Value));
    }

    /// <inheritdoc />
    public async Task<bool> DeleteAsync(SessionId id, CancellationToken cancellationToken)
    {
        var now = UtcMicroseconds.Now(time);

        // The writer must not go on with a state that it kept: forgotten before the row changes, read again after.
        log.Forget(id);
        var deleted = await database.WriteAsync(
            (context, token) => context.Set<SessionRow>()
                .Where(s => s.Id == id.Value && s.DeletedAt == null && s.ActiveRunId == null)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.DeletedAt, now), token),
            cancellationToken);
        log.Forget(id);
        tails.Drop(id);
        hints.Send(new Hint(HintKind.Changed, id.Value));
        return deleted > 0;
    }
}

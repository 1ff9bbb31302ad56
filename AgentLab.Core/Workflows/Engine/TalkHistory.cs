using System.Text;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Reads what was said in a session so far. What an edit or a retry took the place of was not said.</summary>
internal sealed class TalkHistory(ISessionReader reader)
{
    /// <summary>The most entries; the oldest are left out.</summary>
    public const int MaxEntries = 50;

    /// <summary>The most bytes of text in UTF-8; the oldest entries are left out.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int PageSize = 100;

    private static readonly string[] Types = [EventCatalog.Of<MessageUser>().Type, EventCatalog.Of<RunCompleted>().Type];

    /// <summary>The messages and the answers, oldest first.</summary>
    /// <param name="session">The session.</param>
    /// <param name="before">The sequence of the message that the next one takes the place of; null for none.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask<IReadOnlyList<TalkEntry>> ReadAsync(SessionId session, long? before, CancellationToken cancellationToken)
    {
        var entries = new List<TalkEntry>();
        var bytes = 0;
        for (var through = before - 1 ?? long.MaxValue; ;)
        {
            var page = await reader.ReadAsync(session, 0, through, PageSize, Types, descending: true, cancellationToken);
            foreach (var e in page)
            {
                if (e.Sequence > through)
                {
                    continue;
                }

                var entry = await EntryAsync(session, e, cancellationToken);
                bytes += Encoding.UTF8.GetByteCount(entry.Text);
                if (entries.Count == MaxEntries || bytes > MaxBytes)
                {
                    entries.Reverse();
                    return entries;
                }

                entries.Add(entry);
                through = (e.Data is MessageUser { Replaces: { } replaced } ? replaced : e.Sequence) - 1;
            }

            if (page.Count < PageSize)
            {
                entries.Reverse();
                return entries;
            }
        }
    }

    private async ValueTask<TalkEntry> EntryAsync(SessionId session, SessionEvent e, CancellationToken cancellationToken)
    {
        if (e.Data is MessageUser message)
        {
            return new TalkEntry("user", message.Text);
        }

        // An answer that is too large for the history alone is there with its beginning.
        var output = ((RunCompleted)e.Data!).Output;
        return new TalkEntry("assistant", output is { Size: > MaxBytes } ? output.Preview ?? string.Empty : AnswerText.Of(await JsonContents.ReadAsync(output, reader, session, cancellationToken)));
    }
}

/// <summary>Something that was said.</summary>
/// <param name="Role"><c>user</c> for the person, <c>assistant</c> for the workflow.</param>
/// <param name="Text">The words.</param>
internal sealed record TalkEntry(string Role, string Text);

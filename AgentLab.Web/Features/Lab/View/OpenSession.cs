using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Web.Features.Lab.View;

/// <summary>How a session on the page stands with its log.</summary>
public enum FollowState
{
    /// <summary>The newest events are being read.</summary>
    Loading,

    /// <summary>It follows the log.</summary>
    Live,

    /// <summary>The log cannot be read just now; it tries again by itself.</summary>
    Retrying,

    /// <summary>There is no such session for this viewer.</summary>
    Missing,

    /// <summary>The viewer's right has ended.</summary>
    Ended,
}

/// <summary>
/// A session as a page shows it: its newest events folded into a conversation and a timeline, older ones on request, new ones as they are committed.
/// It holds what was read for looking back and shows a bounded part of it, whatever the session's length. All members are used on the page's dispatcher.
/// </summary>
public sealed class OpenSession : IAsyncDisposable
{
    /// <summary>How many events are read at a time, deltas not counted.</summary>
    public const int Window = 300;

    /// <summary>How many turns are shown at first.</summary>
    public const int FirstTurns = 24;

    /// <summary>How many turns stay while the page follows, unless the person asked for earlier ones.</summary>
    public const int MaxTurns = 40;

    /// <summary>The most streamed parts of an open call that are read again when a page opens in its midst.</summary>
    private const int MaxReplayedDeltas = 5_000;

    private static readonly string[] EventTypes = [.. EventCatalog.All.Select(kind => kind.Type).Where(type => type != "model.delta")];
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private readonly ISessionFeed _feed;
    private readonly ISessionReader _reader;
    private readonly TimeProvider _time;
    private readonly ISessionViewer _viewer;
    private readonly Func<Func<Task>, Task> _dispatch;
    private readonly Func<Exception, Task> _onFault;
    private readonly CancellationTokenSource _leaving = new();
    private readonly TurnWindow _window = new();
    private Task _following = Task.CompletedTask;
    private long _totalsThrough;
    private bool _readsBack;
    private bool _hasOlder;

    /// <param name="id">The session.</param>
    /// <param name="feed">Where new events come from.</param>
    /// <param name="reader">Where old ones are read.</param>
    /// <param name="viewer">Who looks.</param>
    /// <param name="time">For the waits between tries.</param>
    /// <param name="dispatch">Runs work on the page's dispatcher.</param>
    /// <param name="onFault">Where a fault goes that trying again cannot mend.</param>
    public OpenSession(
        SessionId id, ISessionFeed feed, ISessionReader reader, ISessionViewer viewer, TimeProvider time, Func<Func<Task>, Task> dispatch, Func<Exception, Task> onFault)
    {
        Id = id;
        _feed = feed;
        _reader = reader;
        _viewer = viewer;
        _time = time;
        _dispatch = dispatch;
        _onFault = onFault;
    }

    /// <summary>Something that is shown changed; raised on the dispatcher.</summary>
    public event Action? Changed;

    public SessionId Id { get; }

    public SessionSummary? Summary { get; private set; }

    public ConversationView Conversation { get; private set; } = new();

    public TimelineView Timeline { get; private set; } = new();

    public FollowState State { get; private set; }

    /// <summary>The last sequence that is applied.</summary>
    public long Head { get; private set; }

    /// <summary>What the session's model calls used in all.</summary>
    public UsageTotals Usage { get; private set; } = UsageTotals.Zero;

    /// <summary>The turns that are to be shown, oldest first: the newest, or a window further back.</summary>
    public IReadOnlyList<Turn> Shown
    {
        get
        {
            var (from, to) = _window.Range(Conversation.Turns);
            return [.. Conversation.Turns.Take(from..to)];
        }
    }

    /// <summary>There are turns before those that are shown.</summary>
    public bool HasOlder => _hasOlder || _window.Range(Conversation.Turns).From > 0;

    /// <summary>There are turns after those that are shown.</summary>
    public bool HasLater => _window.Range(Conversation.Turns).To < Conversation.Turns.Count;

    /// <summary>Where the session stands, by its newest run.</summary>
    public SessionStatus Status => Conversation.LastRun switch
    {
        null => Summary?.Status ?? SessionStatus.Idle,
        { Status: Shared.Status.NeedsPerson } => SessionStatus.Waiting,
        { Status: Shared.Status.Done } => SessionStatus.Completed,
        { Status: Shared.Status.Failed } => SessionStatus.Failed,
        { Status: Shared.Status.Cancelled } => SessionStatus.Cancelled,
        _ => SessionStatus.Running,
    };

    /// <summary>Begins to read and to follow; returns at once.</summary>
    public void Start() => _following = FollowAsync(_leaving.Token);

    /// <summary>Takes a summary that a command answered with: a new title, say.</summary>
    public void Take(SessionSummary summary)
    {
        Summary = summary;
        Changed?.Invoke();
    }

    /// <summary>Shows the turns before those that are shown, and reads them where they are not loaded.</summary>
    public async Task ShowOlderAsync(CancellationToken ct)
    {
        if (Shown is not [var first, ..])
        {
            return;
        }

        if (_window.Range(Conversation.Turns).From == 0)
        {
            await LoadOlderTurnsAsync(ct);
        }

        _window.Before(Conversation.Turns, first);
        Changed?.Invoke();
    }

    /// <summary>Shows the turns after those that are shown.</summary>
    public void ShowLater()
    {
        _window.Later(Conversation.Turns);
        Changed?.Invoke();
    }

    /// <summary>Shows the newest turns again and lets go of what was read for looking back.</summary>
    public void ShowNewest()
    {
        _readsBack = false;
        _hasOlder |= Conversation.KeepNewest(MaxTurns);
        _window.Newest();
        Changed?.Invoke();
    }

    private async Task LoadOlderTurnsAsync(CancellationToken ct)
    {
        if (_hasOlder && Conversation.Turns.Count > 0 && await MayReadAsync(ct))
        {
            _readsBack = true;
            var older = await ReadWindowAsync(Conversation.Turns[0].Sequence - 1, ct);
            Conversation.Prepend(older);
            _hasOlder = older.Count > 0 && older[0].Sequence > 1;
        }
    }

    /// <summary>Reads the events before those of the timeline.</summary>
    public async Task LoadOlderEventsAsync(CancellationToken ct)
    {
        if (Timeline.FirstSequence > 1 && await MayReadAsync(ct))
        {
            Timeline.Prepend(await ReadWindowAsync(Timeline.FirstSequence - 1, ct));
            Changed?.Invoke();
        }
    }

    /// <summary>Committed events by their sequences, deltas included; none when this viewer may not see them.</summary>
    public async ValueTask<IReadOnlyList<SessionEvent>> EventsAsync(long after, int count, CancellationToken ct) =>
        await MayReadAsync(ct) ? await _reader.ReadAsync(Id, after, after + count, count, null, descending: false, ct) : [];

    /// <summary>One event; null when the session does not reach that far or this viewer may not see it.</summary>
    public async ValueTask<SessionEvent?> EventAsync(long sequence, CancellationToken ct) =>
        await EventsAsync(sequence - 1, 1, ct) is [var found] ? found : null;

    /// <summary>The session's artifacts, oldest first; none when this viewer may not see them.</summary>
    public async ValueTask<IReadOnlyList<ArtifactSummary>> ArtifactsAsync(CancellationToken ct) =>
        await MayReadAsync(ct) ? await _reader.ArtifactsAsync(Id, ct) : [];

    /// <summary>The whole text behind a hash of this session; null when it is gone or this viewer may not see it.</summary>
    public async Task<string?> TextAsync(string hash, CancellationToken ct) =>
        await MayReadAsync(ct) && await _reader.BlobAsync(Id, hash, ct) is { } blob ? System.Text.Encoding.UTF8.GetString(blob.Content.Span) : null;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _following;
        _leaving.Dispose();
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        for (var attempt = 0; !ct.IsCancellationRequested; attempt++)
        {
            try
            {
                if (attempt > 0)
                {
                    await Task.Delay(TimeSpan.FromSeconds(Math.Min(30, 0.5 * Math.Pow(2, attempt - 1))), _time, ct);
                }

                using var cursor = await OpenAsync(ct);
                if (cursor is null)
                {
                    await ShowAsync(FollowState.Missing);
                    return;
                }

                attempt = 0;
                await ReadOnAsync(cursor, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (SessionAccessEndedException)
            {
                await ShowAsync(FollowState.Ended);
                return;
            }
            catch (Exception fault) when (fault is SessionLogUnavailableException or System.Data.Common.DbException or TimeoutException)
            {
                await ShowAsync(FollowState.Retrying);
            }
            catch (Exception fault)
            {
                await _onFault(fault);
                return;
            }
        }
    }

    // The page's regions live on when the session is not this viewer's, or no longer: each read asks for itself.
    private async ValueTask<bool> MayReadAsync(CancellationToken ct) => await FindAsync(ct) is not null;

    private async ValueTask<SessionSummary?> FindAsync(CancellationToken ct) =>
        await _reader.FindAsync(Id, ct) is { } summary && await _viewer.MayReadAsync(summary, ct) ? summary : null;

    private async Task<ISessionCursor?> OpenAsync(CancellationToken ct)
    {
        if (await FindAsync(ct) is not { } summary)
        {
            return null;
        }

        var events = await ReadWindowAsync(summary.Head, ct);
        var conversation = new ConversationView();
        var timeline = new TimelineView();
        var from = StartOfOpenCall(events, summary.Head);
        events = [.. events.Where(e => e.Sequence <= from)];
        conversation.Apply(events);
        timeline.Apply(events);
        var more = conversation.KeepNewest(FirstTurns);
        await FillStoppedAnswersAsync(conversation, ct);
        await _dispatch(() =>
        {
            (Summary, Conversation, Timeline) = (summary, conversation, timeline);
            Head = from;
            Usage = summary.Usage;
            _totalsThrough = summary.Head;
            _readsBack = false;
            _window.Newest();
            _hasOlder = more || (events.Count > 0 && events[0].Sequence > 1);
            State = FollowState.Live;
            Changed?.Invoke();
            return Task.CompletedTask;
        });
        return await _feed.OpenAsync(Id, SessionPosition.After(from), _viewer, ct);
    }

    private async Task ReadOnAsync(ISessionCursor cursor, CancellationToken ct)
    {
        while (true)
        {
            var events = await cursor.ReadAsync(256, ct);
            if (events.Count == 0)
            {
                await cursor.WaitAsync(Heartbeat, ct);
                continue;
            }

            await _dispatch(() =>
            {
                Apply([.. events.Select(encoded => encoded.Event)]);
                return Task.CompletedTask;
            });
        }
    }

    private void Apply(IReadOnlyList<SessionEvent> events)
    {
        Conversation.Apply(events);
        Timeline.Apply(events);
        Head = events[^1].Sequence;
        foreach (var call in events.Where(e => e.Sequence > _totalsThrough).Select(e => e.Data).OfType<ModelCompleted>())
        {
            Usage = Usage.Plus(call.Usage);
        }

        _hasOlder |= !_readsBack && Conversation.KeepNewest(MaxTurns);
        State = FollowState.Live;
        Changed?.Invoke();
    }

    private async Task<IReadOnlyList<SessionEvent>> ReadWindowAsync(long through, CancellationToken ct)
    {
        var newestFirst = await _reader.ReadAsync(Id, 0, through, Window, EventTypes, descending: true, ct);
        var events = newestFirst.Reverse().ToList();
        // A window begins with a message where it holds one: a run without its question reads badly.
        var start = events.FindIndex(e => e.Type == "message.user");
        return start > 0 && events[0].Sequence > 1 ? events[start..] : events;
    }

    // The words of a call that is under way are not recorded as a whole yet: they are read again from its start.
    private static long StartOfOpenCall(IReadOnlyList<SessionEvent> events, long head)
    {
        for (var i = events.Count - 1; i >= 0; i--)
        {
            switch (events[i].Type)
            {
                case "model.completed" or "step.failed" or "run.completed" or "run.failed" or "run.cancelled" or "message.user":
                    return head;
                case "step.started" or "step.restarted":
                    return Math.Max(events[i].Sequence, head - MaxReplayedDeltas);
            }
        }

        return head;
    }

    // A call that was stopped never recorded a whole answer; what it had said stays readable.
    private async Task FillStoppedAnswersAsync(ConversationView conversation, CancellationToken ct)
    {
        var stopped = conversation.Turns.OfType<RunTurn>().Reverse().Take(3)
            .Where(run => run.Ended).Select(run => run.Parts.OfType<TextPart>().LastOrDefault())
            .Where(part => part is { Text.Length: 0, Blob: null });
        foreach (var part in stopped)
        {
            var deltas = await _reader.ReadAsync(Id, part!.Sequence, part.Sequence + MaxReplayedDeltas, MaxReplayedDeltas, ["model.delta"], descending: false, ct);
            foreach (var e in deltas.Where(e => e.StepId == part.StepId))
            {
                part.Append(((ModelDelta)e.Data!).Text, e.Attempt);
            }

            part.Growing = false;
        }
    }

    private Task ShowAsync(FollowState state) => _dispatch(() =>
    {
        State = state;
        Changed?.Invoke();
        return Task.CompletedTask;
    });
}

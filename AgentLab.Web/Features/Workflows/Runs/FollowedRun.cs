using AgentLab.Core.Sessions;

namespace AgentLab.Web.Features.Workflows.Runs;

/// <summary>
/// A run that a page follows: its events from the first to the newest committed one, and each new one as it is committed. All members are used on the page's
/// dispatcher.
/// </summary>
public sealed class FollowedRun : IAsyncDisposable
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private readonly ISessionFeed _feed;
    private readonly ISessionViewer _viewer;
    private readonly TimeProvider _time;
    private readonly Func<Func<Task>, Task> _dispatch;
    private readonly Func<Exception, Task> _onFault;
    private readonly CancellationTokenSource _leaving = new();
    private readonly List<SessionEvent> _events = [];
    private Task _following = Task.CompletedTask;

    /// <param name="session">The session of the run.</param>
    /// <param name="run">The run.</param>
    /// <param name="feed">Where its events come from.</param>
    /// <param name="viewer">Who looks.</param>
    /// <param name="time">For the waits between tries.</param>
    /// <param name="dispatch">Runs work on the page's dispatcher.</param>
    /// <param name="onFault">Where a fault goes that trying again cannot mend.</param>
    public FollowedRun(
        SessionId session, RunId run, ISessionFeed feed, ISessionViewer viewer, TimeProvider time, Func<Func<Task>, Task> dispatch, Func<Exception, Task> onFault)
    {
        (Session, Run) = (session, run);
        (_feed, _viewer, _time, _dispatch, _onFault) = (feed, viewer, time, dispatch, onFault);
    }

    /// <summary>Nodes changed (their ids), or the run itself (none); raised on the dispatcher.</summary>
    public event Action<IReadOnlyCollection<string>>? Changed;

    public SessionId Session { get; }

    public RunId Run { get; }

    /// <summary>The run as the events tell it.</summary>
    public RunView View { get; } = new();

    /// <summary>The events that made it, in order, for replay.</summary>
    public IReadOnlyList<SessionEvent> Events => _events;

    /// <summary>Everything that was committed at opening is applied.</summary>
    public bool Loaded { get; private set; }

    /// <summary>The viewer may not see it, or no longer.</summary>
    public bool Missing { get; private set; }

    /// <summary>Begins to follow; returns at once.</summary>
    public void Start() => _following = FollowAsync(_leaving.Token);

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

                using var cursor = await _feed.OpenAsync(Session, SessionPosition.After(View.Sequence), _viewer, ct);
                if (cursor is null)
                {
                    await EndAsync();
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
                await EndAsync();
                return;
            }
            catch (Exception fault) when (fault is SessionLogUnavailableException or System.Data.Common.DbException or TimeoutException)
            {
                // Not readable just now: the loop tries again, and nothing that was applied is applied twice.
            }
            catch (Exception fault)
            {
                await _onFault(fault);
                return;
            }
        }
    }

    private async Task ReadOnAsync(ISessionCursor cursor, CancellationToken ct)
    {
        while (true)
        {
            var events = await cursor.ReadAsync(512, ct);
            if (events.Count == 0)
            {
                await cursor.WaitAsync(Heartbeat, ct);
                continue;
            }

            await _dispatch(() =>
            {
                Apply(events, cursor.Position >= cursor.Head);
                return Task.CompletedTask;
            });
        }
    }

    private void Apply(IReadOnlyList<EncodedEvent> events, bool caughtUp)
    {
        var changed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var e in events.Select(encoded => encoded.Event).Where(e => e.RunId == Run && RunView.Types.Contains(e.Type)))
        {
            _events.Add(e);
            if (View.Apply(e) is { } node)
            {
                changed.Add(node);
            }
        }

        Loaded |= caughtUp;
        Changed?.Invoke(changed);
    }

    private Task EndAsync() => _dispatch(() =>
    {
        Missing = true;
        Changed?.Invoke([]);
        return Task.CompletedTask;
    });
}

using System.Collections.Concurrent;
using AgentLab.Core.Hosting.Hints;
using AgentLab.Core.Sessions;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Sessions.Feed;

/// <summary>
/// Brings the sessions that viewers look at here up to what other nodes have committed: woken by hints, and by itself about every second. What is new is read once for all viewers of a
/// session and goes into its tail as if it had been written here.
/// </summary>
internal sealed partial class TailFollower : BackgroundService
{
    private const int PageSize = 500;

    /// <summary>Further behind than this the viewers read for themselves.</summary>
    private const int MostBehind = 2_000;

    private const int HeadsAtOnce = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly TailCache _tails;
    private readonly ISessionReader _reader;
    private readonly LabDatabase _database;
    private readonly TimeProvider _time;
    private readonly ILogger<TailFollower> _logger;
    private readonly ConcurrentDictionary<SessionId, long> _behind = new();
    private readonly HintedLook _look;
    private readonly IDisposable _listening;
    private volatile bool _mayHaveLost = true;

    public TailFollower(TailCache tails, ISessionReader reader, LabDatabase database, IHints hints, TimeProvider time, ILogger<TailFollower> logger)
    {
        (_tails, _reader, _database, _time, _logger) = (tails, reader, database, time, logger);
        _look = new HintedLook(hints, static _ => false, time);
        _listening = hints.Listen(Hear);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _listening.Dispose();
        _look.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_database.Kind == DatabaseKind.Sqlite)
        {
            return;
        }

        var lookedAt = _time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (_mayHaveLost || _time.GetElapsedTime(lookedAt) >= Pause)
                {
                    _mayHaveLost = false;
                    lookedAt = _time.GetTimestamp();
                    await LookAtHeadsAsync(stoppingToken);
                }

                foreach (var (id, head) in _behind.ToArray())
                {
                    _behind.TryRemove(KeyValuePair.Create(id, head));
                    await CatchUpAsync(id, head, stoppingToken);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                _mayHaveLost = true;
                LogFailed(e);
                await Task.Delay(Pause, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (_behind.IsEmpty)
            {
                await _look.WaitAsync(Pause, stoppingToken);
            }
        }
    }

    private void Hear(Hint hint)
    {
        switch (hint.Kind)
        {
            case HintKind.Session when SessionId.TryParse(hint.Key, null, out var id) && _tails.Watched(id) is { } tail && tail.Head < hint.Number:
                _behind.AddOrUpdate(id, hint.Number, (_, head) => Math.Max(head, hint.Number));
                _look.Wake();
                break;
            case HintKind.Changed when SessionId.TryParse(hint.Key, null, out var changed):
                _tails.Drop(changed);
                break;
            case HintKind.Gap:
                _mayHaveLost = true;
                _look.Wake();
                break;
        }
    }

    private async Task LookAtHeadsAsync(CancellationToken cancellationToken)
    {
        foreach (var ids in _tails.WatchedIds().Select(id => id.Value).Chunk(HeadsAtOnce))
        {
            var heads = await _database.ReadAsync(
                (context, token) => context.Set<SessionRow>().Where(s => ids.Contains(s.Id)).Select(s => new { s.Id, s.Head }).ToListAsync(token), cancellationToken);
            foreach (var row in heads)
            {
                var id = SessionId.Parse(row.Id);
                if (_tails.Watched(id) is { } tail && tail.Head < row.Head)
                {
                    _behind.AddOrUpdate(id, row.Head, (_, head) => Math.Max(head, row.Head));
                }
            }
        }
    }

    /// <summary>Reads what is missing up to a head that is committed, page by page.</summary>
    private async Task CatchUpAsync(SessionId id, long head, CancellationToken cancellationToken)
    {
        while (_tails.Watched(id) is { } tail && tail.Head is var from && from < head)
        {
            if (head - from > MostBehind)
            {
                tail.Raise(head);
                return;
            }

            var events = await _reader.ReadAsync(id, from, head, PageSize, null, descending: false, cancellationToken);
            if (events.Count == 0)
            {
                // Deleted meanwhile: its viewers find out by themselves.
                return;
            }

            tail.Publish([.. events.Select(e => new EncodedEvent(e))]);
        }
    }
}

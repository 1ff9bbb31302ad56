using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using AgentLab.Core.Sessions;
using AgentLab.Core.Tasks;
using AgentLab.Data.Databases;
using AgentLab.Data.Sessions.Feed;
using AgentLab.Data.Tasks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentLab.Data.Sessions.Log;

/// <summary>
/// The writer: producers queue, one loop drains what waits and commits it as one transaction, then wakes the cursors and only then the producers.
/// </summary>
internal sealed class SessionLog : BackgroundService, ISessionLog, ILogActivity
{
    private const int QueueLength = 4096;

    /// <summary>What may wait in memory while the store is slow: large appends fill it before the count does.</summary>
    private const long QueueBytes = 64L * 1024 * 1024;

    private const int MaxBatchAppends = 512;
    private const int MaxBatchBytes = 4 * 1024 * 1024;

    private const int MaxTries = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan CommitLookupPause = TimeSpan.FromMilliseconds(200);

    private readonly Channel<PendingAppend> _queue = Channel.CreateBounded<PendingAppend>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly ByteGate _room = new(QueueBytes);
    private readonly ILogStore _store;
    private readonly TailCache _tails;
    private readonly TimeProvider _time;
    private readonly ILogger<SessionLog> _logger;
    private readonly KeyAllocator _sessionKeys;
    private readonly KeyAllocator _runKeys;
    private readonly SessionProjection _projection;
    private readonly TaskWatch _tasks;
    private PendingAppend? _held;
    private long _commits;

    public SessionLog(
        ILogStore store, LabDatabase database, TailCache tails, NodeIdentity node, WorkflowEndWatch ends, TaskWatch tasks, IOptions<TaskOptions> taskOptions, TimeProvider time,
        ILogger<SessionLog> logger)
    {
        _tasks = tasks;
        _store = store;
        _tails = tails;
        _time = time;
        _logger = logger;
        _sessionKeys = new KeyAllocator(database, "sessions");
        _runKeys = new KeyAllocator(database, "runs");
        _projection = new SessionProjection(store, _runKeys, node, ends, new TaskProjection(store, tasks, taskOptions.Value));
    }

    /// <summary>How many transactions were committed; with the number of appends it tells how well the commits are grouped.</summary>
    public long Commits => Volatile.Read(ref _commits);

    /// <summary>The bytes that wait to be written; at most 64 MiB, or one append that is larger.</summary>
    public long WaitingBytes => _room.Held;

    /// <inheritdoc />
    public async ValueTask<AppendOutcome> AppendAsync(SessionAppend append, CancellationToken cancellationToken)
    {
        if (append.Events.Count == 0)
        {
            throw new ArgumentException("An append has at least one event.", nameof(append));
        }

        var pending = new PendingAppend(append);
        await QueueAsync(pending, cancellationToken);
        await using (cancellationToken.UnsafeRegister(static (state, token) => ((PendingAppend)state!).Withdraw(token), pending))
        {
            return await pending.Done;
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What is queued is still written; only then the loop ends.
        _queue.Writer.TryComplete();
        if (ExecuteTask is { } loop)
        {
            await loop.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
        await _store.DisposeAsync();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Leave the caller's thread at once, so that the start of the host does not wait for the first batch.
        await Task.Yield();
        var batch = new List<PendingAppend>(MaxBatchAppends);
        while (_held is not null || await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            Drain(batch);
            if (batch.Count > 0)
            {
                await CommitOrFailAsync(batch, stoppingToken);
                if (batch.Count > 1)
                {
                    // Behind the producers that were just told: what they append next goes into the same commit as what came during this one.
                    await Task.Yield();
                }
            }
        }
    }

    private async ValueTask QueueAsync(PendingAppend pending, CancellationToken cancellationToken)
    {
        await _room.EnterAsync(pending.Bytes, cancellationToken);
        try
        {
            await _queue.Writer.WriteAsync(pending, cancellationToken);
        }
        catch (Exception e)
        {
            _room.Leave(pending.Bytes);
            if (e is ChannelClosedException)
            {
                throw new SessionLogUnavailableException("The program is stopping; nothing was written.", e);
            }

            throw;
        }
    }

    private void Drain(List<PendingAppend> batch)
    {
        batch.Clear();
        var bytes = 0;
        while (batch.Count < MaxBatchAppends && (_held is not null || TryRead(out _held)))
        {
            if (batch.Count > 0 && bytes + _held.Bytes > MaxBatchBytes)
            {
                return;
            }

            if (_held.TryTake())
            {
                bytes += _held.Bytes;
                batch.Add(_held);
            }

            _held = null;
        }
    }

    private bool TryRead([NotNullWhen(true)] out PendingAppend? next)
    {
        if (!_queue.Reader.TryRead(out next))
        {
            return false;
        }

        _room.Leave(next.Bytes);
        return true;
    }

    private async Task CommitOrFailAsync(List<PendingAppend> appends, CancellationToken stopping)
    {
        try
        {
            await CommitWithRetryAsync(appends, stopping);
        }
        catch (AppendOutcomeUnknownException e)
        {
            appends.ForEach(append => append.Fail(e));
        }
        catch (Exception e) when (appends.Count > 1 && !_store.IsUnavailable(e))
        {
            // One bad append must not fail its neighbours: each is tried by itself.
            _logger.BatchSplit(e, appends.Count);
            foreach (var append in appends)
            {
                await CommitOrFailAsync([append], stopping);
            }
        }
        catch (Exception e)
        {
            _logger.AppendFailed(e, appends[0].Append.SessionId.Value);
            foreach (var append in appends)
            {
                append.Fail(e is ArgumentException
                    ? e
                    : new SessionLogUnavailableException("The store did not take the events; nothing was written. Try again.", e));
            }
        }
    }

    /// <summary>A fault that passes (a deadlock, a restart of the server) is waited out; producers wait meanwhile, nothing is lost.</summary>
    private async Task CommitWithRetryAsync(List<PendingAppend> appends, CancellationToken stopping)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await CommitAsync(appends, stopping);
                return;
            }
            catch (Exception e) when (attempt < MaxTries && _store.IsUnavailable(e) && !stopping.IsCancellationRequested)
            {
                _logger.BatchRetried(e, attempt);
                await Task.Delay(FirstPause * Math.Pow(3, attempt - 1), _time, CancellationToken.None);
            }
        }
    }

    private async Task CommitAsync(List<PendingAppend> appends, CancellationToken stopping)
    {
        await ReserveKeysAsync(appends);
        var batch = new LogBatch(_store, _projection, _sessionKeys, appends, UtcMicroseconds.Now(_time));
        try
        {
            await _store.BeginAsync(CancellationToken.None);
            await batch.WriteAsync(CancellationToken.None);
            await _store.CommitAsync(CancellationToken.None);
        }
        catch (CommitAnswerLostException e)
        {
            await _store.AbandonAsync();
            if (!await LandedAsync(batch, e, stopping))
            {
                throw;
            }
        }
        catch
        {
            await _store.AbandonAsync();
            throw;
        }

        try
        {
            Tell(batch);
        }
        finally
        {
            _store.Release();
        }
    }

    private void Tell(LogBatch batch)
    {
        Volatile.Write(ref _commits, _commits + 1);
        _store.Remember(batch.Sessions);
        foreach (var session in batch.Sessions)
        {
            try
            {
                _tails.Publish(session.Id, session.Written);
            }
            catch (Exception e)
            {
                // The batch is committed: were this to look like its failure, it would be written twice.
                _logger.ViewersNotTold(e, session.Id.Value);
            }

            session.Written.Clear();
        }

        batch.Complete();
        try
        {
            _tasks.Committed();
        }
        catch (Exception e)
        {
            // As above: committed is committed.
            _logger.QueueNotTold(e);
        }
    }

    private async ValueTask ReserveKeysAsync(List<PendingAppend> appends)
    {
        var sessions = 0;
        var runs = 0;
        foreach (var pending in appends)
        {
            sessions += pending.Append.Create is null ? 0 : 1;
            foreach (var e in pending.Append.Events)
            {
                runs += e.Data is Core.Sessions.Events.RunStarted ? 1 : 0;
            }
        }

        await _sessionKeys.ReserveAsync(sessions, CancellationToken.None);
        await _runKeys.ReserveAsync(runs, CancellationToken.None);
    }

    /// <summary>The connection broke while COMMIT was under way: only the database knows. Asks until it answers.</summary>
    /// <exception cref="AppendOutcomeUnknownException">The program stops before it answered. The batch must not be tried again.</exception>
    private async Task<bool> LandedAsync(LogBatch batch, CommitAnswerLostException lost, CancellationToken stopping)
    {
        if (batch.Witness is not { } witness)
        {
            return true;
        }

        while (true)
        {
            try
            {
                var landed = await _store.HasAppendAsync(witness.SessionKey, witness.Sequence, witness.AppendId, stopping);
                _logger.CommitAnswerLost(lost, landed);
                return landed;
            }
            catch (Exception e)
            {
                if (stopping.IsCancellationRequested)
                {
                    throw new AppendOutcomeUnknownException(e);
                }

                await Task.Delay(CommitLookupPause, _time, CancellationToken.None);
            }
        }
    }
}

using System.Collections.Concurrent;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Hosting.Hints;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Hands the letters that other nodes left to this node's runs, and leaves their answers. A letter whose run is just being loaded or parked is looked at again.</summary>
internal sealed class LetterBox(
    IRunLetters letters, INodeRegistry registry, NodeLease lease, LiveRuns live, IRunSupervisor supervisor, IHints hints, TimeProvider time, ILogger<LetterBox> logger)
    : BackgroundService
{
    private const int AtOnce = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<Guid, bool> _inHand = new();
    private DateTimeOffset _purgeAt = time.GetUtcNow() + Kept;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!registry.Shared)
        {
            return;
        }

        using var look = new HintedLook(hints, static hint => hint.Kind == HintKind.Run, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            var more = false;
            try
            {
                more = await HandOutAsync(stoppingToken);
                await PurgeAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LettersNotRead(e);
            }

            await look.WaitAsync(more ? Again : Pause, stoppingToken);
        }
    }

    /// <summary>Hands out what is there; true when some run is not ready for its letter.</summary>
    private async Task<bool> HandOutAsync(CancellationToken cancellationToken)
    {
        if (supervisor.Active == 0)
        {
            return false;
        }

        var waits = false;
        foreach (var letter in await letters.OfNodeAsync(lease.NodeId, AtOnce, cancellationToken))
        {
            if (!_inHand.TryAdd(letter.Id, true))
            {
                continue;
            }

            var answer = new TaskCompletionSource<WakeAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (live.Find(letter.RunId) is { } run && run.Post(new Letter.Wake(letter.StepId, LetterContent.Read(letter.Content), answer)))
            {
                _ = AnswerAsync(letter, answer.Task, cancellationToken);
            }
            else
            {
                _inHand.TryRemove(letter.Id, out _);
                waits = true;
            }
        }

        return waits;
    }

    /// <summary>The run answers after its commit, and another run's need not wait for that.</summary>
    private async Task AnswerAsync(RunLetter letter, Task<WakeAnswer> answer, CancellationToken cancellationToken)
    {
        try
        {
            if (await answer.WaitAsync(cancellationToken) is not WakeAnswer.Closed and var said)
            {
                await letters.AnswerAsync(letter.Id, LetterContent.Write(said), cancellationToken);
            }
        }
        catch (Exception e)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                logger.LettersNotRead(e);
            }
        }
        finally
        {
            _inHand.TryRemove(letter.Id, out _);
        }
    }

    private async Task PurgeAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now >= _purgeAt)
        {
            _purgeAt = now + Kept;
            await letters.PurgeAsync(now - Kept, cancellationToken);
        }
    }
}

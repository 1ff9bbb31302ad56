using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Starts runs, and hands everything else on.</summary>
internal sealed class WorkflowRuns(
    RunOpener opener, ISessionReader reader, IRunSupervisor supervisor, ISessionCommands sessions, RunStates states,
    IRunWaits waits, RunWaker waker, TimeProvider time) : IWorkflowRuns
{
    private const int WakeTries = 100;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc />
    public async Task<Outcome<WorkflowRunReceipt>> StartAsync(StartWorkflowRun command, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.MayEdit)
        {
            return Outcome<WorkflowRunReceipt>.Failure(LabError.Forbidden("Your role may read runs but not start them."));
        }

        var key = RunStart.KeyOf(command, actor);
        if (key is not null && await reader.FindRequestAsync(key, cancellationToken) is { } earlier)
        {
            return Receipt(earlier, null);
        }

        var opened = await opener.OpenAsync(command, null, key, actor, cancellationToken);
        return opened.Ok ? Receipt(opened.Value.Outcome, opened.Value.Watch, opened.Value.Run) : Outcome<WorkflowRunReceipt>.Failure(opened.Errors);
    }

    /// <inheritdoc />
    public async Task<WorkflowRunState> WaitAsync(WorkflowRunReceipt run, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (run is { Watch: { } watch, Started: { } started })
        {
            if (!watch.Told.IsCompleted && atMost > TimeSpan.Zero)
            {
                await watch.Told.WaitAsync(atMost, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
            }

            return watch.End(started) ?? await states.ReadAsync(run.RunId, cancellationToken) ?? started;
        }

        return await SettleAsync(run.RunId, atMost, cancellationToken);
    }

    /// <summary>A run that was started by another request may go on in another process: its row tells when it has ended.</summary>
    private async Task<WorkflowRunState> SettleAsync(RunId run, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var left = atMost - time.GetElapsedTime(began);
            await supervisor.WhenIdleAsync(run, cancellationToken).WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            var state = await states.ReadAsync(run, cancellationToken) ?? throw new InvalidOperationException($"The run {run} is gone.");
            if (state.Status != "running" || time.GetElapsedTime(began) >= atMost)
            {
                return state;
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }

    /// <inheritdoc />
    public ValueTask<WorkflowRunState?> FindAsync(RunId run, Actor actor, CancellationToken cancellationToken) => states.FindAsync(run, actor, cancellationToken);

    /// <inheritdoc />
    public async Task<Outcome<WorkflowRunState>> CancelAsync(RunId run, Actor actor, CancellationToken cancellationToken)
    {
        if (await states.FindAsync(run, actor, cancellationToken) is not { } state || !actor.MayEdit)
        {
            return Outcome<WorkflowRunState>.Failure(LabError.NotFound("run"));
        }

        var stopped = state.EndedAt is null ? await sessions.StopAsync(state.SessionId, actor, cancellationToken) : null;
        return stopped is { Ok: true }
            ? Outcome<WorkflowRunState>.Success(await states.ReadAsync(run, CancellationToken.None) ?? state)
            : Outcome<WorkflowRunState>.Failure(stopped?.Errors ?? [new LabError("run_not_active", "The run has ended.")]);
    }

    /// <inheritdoc />
    public async Task<Outcome<WorkflowRunReceipt>> DeliverAsync(string key, JsonElement payload, CancellationToken cancellationToken)
    {
        // Only the hash is looked up: how long that takes tells nothing about keys.
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        if (await waits.FindByKeyAsync(hash, cancellationToken) is not { } wait)
        {
            return Outcome<WorkflowRunReceipt>.Failure(LabError.NotFound("waiting run"));
        }

        var end = new WakeEnd(WakeEnd.Delivered, null, null, payload);
        return await waker.WakeAsync(wait, end, token => waits.FindByKeyAsync(hash, token), WakeTries, cancellationToken) switch
        {
            WakeAnswer.Taken => Outcome<WorkflowRunReceipt>.Success(new WorkflowRunReceipt(wait.SessionId, wait.RunId, false)),
            WakeAnswer.NotWaiting => Outcome<WorkflowRunReceipt>.Failure(LabError.NotFound("waiting run")),
            _ => Outcome<WorkflowRunReceipt>.Failure(RunWaker.Unreachable()),
        };
    }

    private static Outcome<WorkflowRunReceipt> Receipt(AppendOutcome outcome, RunWatch? watch, RunIdentity? run = null)
    {
        if (outcome.Landed && outcome.Receipt.RunId is { } id)
        {
            var fresh = outcome.Status == AppendStatus.Appended && run is not null;
            return Outcome<WorkflowRunReceipt>.Success(new WorkflowRunReceipt(outcome.Receipt.SessionId, id, !fresh)
            {
                Watch = fresh ? watch : null,
                Started = fresh ? RunStates.Running(run!) : null,
            });
        }

        return Outcome<WorkflowRunReceipt>.Failure(outcome.Refusal == AppendRefusal.KeyReused
            ? new LabError("idempotency_key_reused", "This Idempotency-Key was used for another request. Use a new one.")
            : new LabError("conflict", "The run could not be started. Try again.", CanRetry: true));
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Starts runs with one append that holds their first steps already, and hands everything else on.</summary>
internal sealed class WorkflowRuns(
    RunStart start, WorkflowRunFactory factory, ISessionLog log, ISessionReader reader, IRunSupervisor supervisor, ISessionCommands sessions, RunStates states,
    ApprovalDesk approvals, IRunWaits waits, RunWaker waker, TimeProvider time) : IWorkflowRuns
{
    private const int MostRuns = 10_000;
    private const int WakeTries = 100;

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

        var found = await start.FindAsync(command, actor, cancellationToken);
        if (!found.Ok)
        {
            return Outcome<WorkflowRunReceipt>.Failure(found.Errors);
        }

        if (supervisor.Active >= MostRuns)
        {
            return Outcome<WorkflowRunReceipt>.Failure(new LabError("too_many_runs", "Too many runs are going on or waiting for their turn. Try again shortly.", CanRetry: true));
        }

        return await StartAsync(command, found.Value, key, actor, cancellationToken);
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

        await supervisor.WhenIdleAsync(run.RunId, cancellationToken).WaitAsync(atMost, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return await states.ReadAsync(run.RunId, cancellationToken) ?? throw new InvalidOperationException($"The run {run.RunId} is gone.");
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
    public async Task<Outcome<WorkflowRunState>> DecideAsync(ApprovalAnswer answer, Actor actor, CancellationToken cancellationToken)
    {
        var decided = await approvals.DecideAsync(answer, actor, cancellationToken);
        return decided.Ok
            ? Outcome<WorkflowRunState>.Success((await states.ReadAsync(decided.Value.RunId, CancellationToken.None))!)
            : Outcome<WorkflowRunState>.Failure(decided.Errors);
    }

    /// <inheritdoc />
    public async Task<Outcome<WorkflowRunReceipt>> DeliverAsync(string key, JsonElement payload, CancellationToken cancellationToken)
    {
        // Only the hash is looked up: how long that takes tells nothing about keys.
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        if (await waits.FindByKeyAsync(hash, cancellationToken) is { } wait
            && await waker.WakeAsync(wait, new WakeEnd(WakeEnd.Delivered, null, null, payload), token => waits.FindByKeyAsync(hash, token), WakeTries, cancellationToken))
        {
            return Outcome<WorkflowRunReceipt>.Success(new WorkflowRunReceipt(wait.SessionId, wait.RunId, false));
        }

        return Outcome<WorkflowRunReceipt>.Failure(LabError.NotFound("waiting run"));
    }

    private async Task<Outcome<WorkflowRunReceipt>> StartAsync(
        StartWorkflowRun command, RunTarget target, IdempotencyKey? key, Actor actor, CancellationToken cancellationToken)
    {
        var project = target.ProjectId ?? DefaultProject.Id;
        var run = new RunIdentity(SessionId.New(), RunId.New(), actor.UserId, project, target.Reference, time.GetUtcNow(), command.DryRun);
        var making = factory.Make(run, new RunFence(run.RunId, 1), target.Workflow, command.Input);
        var blobs = new List<Blob>();
        var plan = Plan(command, target, run, blobs);
        var loop = factory.New(making, WorkflowRunFactory.Begin(making, plan, await factory.ValuesAsync(target.Earlier, cancellationToken)));
        var owned = true;
        try
        {
            var (first, values) = await loop.BeginAsync(cancellationToken);
            blobs.AddRange(values);
            var append = new SessionAppend(run.SessionId, [.. Opening(command, target, run, plan), .. first])
            {
                Create = new NewSession(actor.UserId, project),
                Blobs = blobs,
                Idempotency = key,
            };
            var outcome = await log.AppendAsync(append, cancellationToken);
            if (outcome.Status == AppendStatus.Appended)
            {
                owned = false;
                loop.Begun();
                supervisor.Start(run.SessionId, new RunFence(run.RunId, 1), loop);
            }

            return Receipt(outcome, loop.Watch, run);
        }
        finally
        {
            if (owned)
            {
                loop.Dispose();
            }
        }
    }

    private static WorkflowPlan Plan(StartWorkflowRun command, RunTarget target, RunIdentity run, List<Blob> blobs)
    {
        string? definition = null;
        if (command.Definition is { } given)
        {
            var blob = Blob.Of(JsonSerializer.SerializeToUtf8Bytes(given, WorkflowJson.Compact.WorkflowDefinition), "application/json");
            blobs.Add(blob);
            definition = blob.Hash;
        }

        return new WorkflowPlan(
            JsonContents.Of(command.Input, blobs), run.StartedAt, target.Trigger, definition, command.FromNode, command.OnlyNode, command.ValuesFrom?.Value, command.DryRun);
    }

    private static NewEvent[] Opening(StartWorkflowRun command, RunTarget target, RunIdentity run, WorkflowPlan plan)
    {
        var limits = Bounds.Of(target.Workflow.Definition.Limits).ToLimits();
        return
        [
            new NewEvent(new SessionCreated(target.Reference.Name, null, null, null, run.OwnerId, run.ProjectId, target.Reference)),
            new NewEvent(new RunStarted(command.Trigger, null, null, limits, target.Reference, plan), run.RunId),
        ];
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

using System.Text.Json;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Starts a run with one append that holds its first steps already: in a session of its own, or in one where a person talks to its workflow.</summary>
internal sealed class RunOpener(RunStart start, WorkflowRunFactory factory, ISessionLog log, IRunSupervisor supervisor, TimeProvider time)
{
    private const int MostRuns = 10_000;

    /// <summary>
    /// Starts what the command asks for, or says everything that stands in the way. The log's own refusals (<c>run_active</c>, a key that was used) are in the outcome.
    /// </summary>
    /// <param name="command">What to run.</param>
    /// <param name="said">What the person said, when somebody talks to the workflow.</param>
    /// <param name="key">The key under which it lands once.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Outcome<OpenedRun>> OpenAsync(StartWorkflowRun command, Utterance? said, IdempotencyKey? key, Actor actor, CancellationToken cancellationToken)
    {
        var found = await start.FindAsync(command, actor, cancellationToken);
        if (!found.Ok)
        {
            return Outcome<OpenedRun>.Failure(found.Errors);
        }

        return supervisor.Active >= MostRuns
            ? Outcome<OpenedRun>.Failure(new LabError("too_many_runs", "Too many runs are going on or waiting for their turn. Try again shortly.", CanRetry: true))
            : Outcome<OpenedRun>.Success(await AppendAsync(command, found.Value, said, key, actor, cancellationToken));
    }

    private async Task<OpenedRun> AppendAsync(
        StartWorkflowRun command, RunTarget target, Utterance? said, IdempotencyKey? key, Actor actor, CancellationToken cancellationToken)
    {
        var run = Identity(command, target, said?.Session, actor);
        var making = factory.Make(run, new RunFence(run.RunId, 1), target.Workflow, command.Input);
        var blobs = new List<Blob>();
        var plan = Plan(command, target, run, blobs);
        var loop = factory.New(making, WorkflowRunFactory.Begin(making, plan, await factory.ValuesAsync(target.Earlier, cancellationToken)));
        var owned = true;
        try
        {
            var (first, values) = await loop.BeginAsync(cancellationToken);
            blobs.AddRange(values);
            var append = new SessionAppend(run.SessionId, [.. Opening(command, target, run, plan, said), .. first])
            {
                Create = said?.Session is null ? new NewSession(run.OwnerId, run.ProjectId) : null,
                RequireNoActiveRun = said?.Session is not null,
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

            return new OpenedRun(outcome, loop.Watch, run);
        }
        finally
        {
            if (owned)
            {
                loop.Dispose();
            }
        }
    }

    /// <summary>A run in a session that there is belongs to that session's owner and project, as it is when it is read again from the log.</summary>
    private RunIdentity Identity(StartWorkflowRun command, RunTarget target, SessionSummary? session, Actor actor) => session is null
        ? new RunIdentity(
            SessionId.New(), RunId.New(), actor.UserId, target.ProjectId ?? DefaultProject.Id, target.Reference, time.GetUtcNow(), command.DryRun)
        : new RunIdentity(session.Id, RunId.New(), session.OwnerId, session.ProjectId, target.Reference, time.GetUtcNow(), command.DryRun);

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

    private static IEnumerable<NewEvent> Opening(StartWorkflowRun command, RunTarget target, RunIdentity run, WorkflowPlan plan, Utterance? said)
    {
        if (said?.Session is null)
        {
            yield return new NewEvent(new SessionCreated(said?.Title ?? target.Reference.Name, null, null, null, run.OwnerId, run.ProjectId, target.Reference));
        }

        if (said is not null)
        {
            yield return new NewEvent(said.Message);
        }

        var limits = Bounds.Of(target.Workflow.Definition.Limits).ToLimits();
        yield return new NewEvent(new RunStarted(command.Trigger, null, null, limits, target.Reference, plan, command.Task), run.RunId);
    }
}

/// <summary>What a person says to a workflow.</summary>
/// <param name="Message">The message.</param>
/// <param name="Title">What a session is called that begins with it.</param>
/// <param name="Session">The session that it is said in; null for a new one.</param>
internal sealed record Utterance(MessageUser Message, string Title, SessionSummary? Session);

/// <summary>A run that was handed to the log.</summary>
/// <param name="Outcome">What the log did with it.</param>
/// <param name="Watch">Where it tells its answer.</param>
/// <param name="Run">The run.</param>
internal sealed record OpenedRun(AppendOutcome Outcome, RunWatch Watch, RunIdentity Run);

using System.Security.Cryptography;
using System.Text;
using AgentLab.Core.Agents;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Hosting.Hints;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine;
using Microsoft.Extensions.Options;

namespace AgentLab.Core.Sessions;

/// <summary>People's commands, each one append under guards that make it right whoever else asks at the same time.</summary>
internal sealed partial class SessionCommands(
    ISessionLog log, ISessionReader reader, ISessionFeed feed, ISessionStore store, IAgentStore agents, IAttachmentStore attachments,
    IRunSupervisor runs, IRunDirectory directory, NodeIdentity node, IHints hints, IEnumerable<WorkflowTalk> talks,
    IOptions<RunOptions> options) : ISessionCommands
{
    private const int MaxTitle = 200;
    private const int MaxKey = 255;

    /// <inheritdoc />
    public async Task<Outcome<CommandReceipt>> StartAsync(StartSession command, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.MayEdit)
        {
            return Outcome<CommandReceipt>.Failure(LabError.Forbidden("Your role may read sessions but not start them."));
        }

        if (command.Task is null && CheckMessage(command.Text, command.Attachments, command.Key) is { Count: > 0 } errors)
        {
            return Outcome<CommandReceipt>.Failure(errors);
        }

        var text = command.Text.Trim();
        var key = KeyOf(command.Key, actor, "sessions.start", command.Workflow is { } name ? $"{command.Agent}\nworkflow {name}" : command.Agent ?? "", text, command.Attachments);
        if (await ReplayAsync(key, cancellationToken) is { } earlier)
        {
            return earlier;
        }

        if (command.Workflow is not null)
        {
            return await StartWorkflowAsync(command, text, key, actor, cancellationToken);
        }

        var agent = await agents.FindAsync(command.Agent ?? "", actor, cancellationToken);
        if (agent is null || agent.Status is AgentStatus.Disabled or AgentStatus.Archived)
        {
            return Outcome<CommandReceipt>.Failure(agent is null ? LabError.NotFound("agent") : CommandErrors.AgentDisabled(agent));
        }

        if (await attachments.ResolveAsync(command.Attachments, actor, cancellationToken) is not { } files)
        {
            return Outcome<CommandReceipt>.Failure(CommandErrors.UnknownAttachment());
        }

        var run = RunId.New();
        var created = new SessionCreated(SessionTitle.Of(command.Title ?? text), agent.Id, agent.Version, agent.Name, actor.UserId, agent.ProjectId);
        var message = new MessageUser(text, files.Count > 0 ? files : null);
        var started = Started(agent, command.Task is null ? "message" : "task") with { Task = command.Task };
        var append = new SessionAppend(SessionId.New(), [new NewEvent(created), new NewEvent(message), new NewEvent(started, run)])
        {
            Create = new NewSession(actor.UserId, agent.ProjectId),
            BlobReferences = [.. files.Select(f => f.Blob)],
            Idempotency = key,
        };
        return await LandAsync(append, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<Outcome<CommandReceipt>> SendAsync(SendMessage command, Actor actor, CancellationToken cancellationToken)
    {
        if (CheckMessage(command.Text, command.Attachments, command.Key) is { Count: > 0 } errors)
        {
            return Outcome<CommandReceipt>.Failure(errors);
        }

        var text = command.Text.Trim();
        var key = KeyOf(command.Key, actor, "sessions.send", command.SessionId.Value, $"{command.Replaces}\n{text}", command.Attachments);
        if (await ReplayAsync(key, cancellationToken) is { } replayed)
        {
            return replayed;
        }

        var (session, agent, error) = await OwnAsync(command.SessionId, actor, cancellationToken);
        if (error is not null)
        {
            return Outcome<CommandReceipt>.Failure(error);
        }

        if (agent is null)
        {
            return await SayAsync(session!, command, text, key, actor, cancellationToken);
        }

        if (await attachments.ResolveAsync(command.Attachments, actor, cancellationToken) is not { } files)
        {
            return Outcome<CommandReceipt>.Failure(CommandErrors.UnknownAttachment());
        }

        IReadOnlyList<AttachmentReference> all = files;
        if (command.Replaces is { } replaced)
        {
            if (await MessageAtAsync(session!.Id, replaced, cancellationToken) is not { } earlier)
            {
                return Outcome<CommandReceipt>.Failure(LabError.Invalid("replaces", "There is no message of yours at this sequence."));
            }

            all = [.. earlier.Attachments ?? [], .. files];
        }

        var message = new MessageUser(text, all.Count > 0 ? all : null, command.Replaces);
        return await SendAsync(session!, agent, message, command.Replaces is null ? "message" : "edit", key, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<Outcome<CommandReceipt>> RetryAsync(SessionId sessionId, RequestKey? requestKey, Actor actor, CancellationToken cancellationToken)
    {
        var key = KeyOf(requestKey, actor, "sessions.retry", sessionId.Value, string.Empty, []);
        if (await ReplayAsync(key, cancellationToken) is { } replayed)
        {
            return replayed;
        }

        var (session, agent, error) = await OwnAsync(sessionId, actor, cancellationToken);
        if (error is not null)
        {
            return Outcome<CommandReceipt>.Failure(error);
        }

        var newest = await reader.ReadAsync(sessionId, 0, long.MaxValue, 1, [EventCatalog.Of<MessageUser>().Type], descending: true, cancellationToken);
        if (newest.Count == 0)
        {
            return Outcome<CommandReceipt>.Failure(new LabError("nothing_to_retry", "Nobody has said anything in this session yet."));
        }

        var message = (MessageUser)newest[0].Data! with { Replaces = newest[0].Sequence };
        return agent is null
            ? await SayAsync(session!, message, key, actor, cancellationToken)
            : await SendAsync(session!, agent, message, "retry", key, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<Outcome<CommandReceipt>> StopAsync(SessionId sessionId, Actor actor, CancellationToken cancellationToken)
    {
        var session = await FindOwnAsync(sessionId, actor, cancellationToken);
        if (session is null)
        {
            return Outcome<CommandReceipt>.Failure(LabError.NotFound("session"));
        }

        if (session.ActiveRunId is not { } run)
        {
            return Outcome<CommandReceipt>.Failure(CommandErrors.RunNotActive());
        }

        var append = new SessionAppend(sessionId, [new NewEvent(new RunStopRequested(actor.UserId), run)]) { RequireActiveRun = run };
        var outcome = await log.AppendAsync(append, cancellationToken);
        if (!outcome.Landed)
        {
            return Outcome<CommandReceipt>.Failure(outcome.Refusal == AppendRefusal.RunNotActive ? CommandErrors.RunNotActive() : CommandErrors.Of(outcome.Refusal.Value));
        }

        // From here on the stop is in the log: it takes effect even if the asker is gone.
        await TellStopAsync(sessionId, run);
        return await ReceiptAsync(outcome, run, cancellationToken);
    }

    private async Task TellStopAsync(SessionId session, RunId run)
    {
        if (runs.Stop(run) || await directory.FindAsync(run, CancellationToken.None) is not { } owned)
        {
            return;
        }

        if (owned.Waiting || owned.Node == node.Id)
        {
            // It waits, so that no loop has it: one is started to write the end.
            runs.Start(session, new RunFence(run, owned.Fence));
        }
        else
        {
            // Its owner finds the stop in the run's row, with or without the hint; so does whoever takes the run over.
            hints.Send(new Hint(HintKind.Run, run.ToString()));
        }
    }

    /// <inheritdoc />
    public async Task<Outcome<CommandReceipt>> DecideAsync(
        SessionId sessionId, OutcomeDecision decision, Actor actor, CancellationToken cancellationToken)
    {
        var session = await FindOwnAsync(sessionId, actor, cancellationToken);
        if (session is null)
        {
            return Outcome<CommandReceipt>.Failure(LabError.NotFound("session"));
        }

        if (session.ActiveRunId is not { } run || await directory.FindAsync(run, cancellationToken) is not { Waiting: true } owned
            || !await AsksAsync(sessionId, cancellationToken))
        {
            return Outcome<CommandReceipt>.Failure(new LabError("run_not_paused", "No run of this session waits for a decision."));
        }

        var fence = new RunFence(run, owned.Fence + 1);
        var reason = decision == OutcomeDecision.Repeat ? RunReasons.Repeat : RunReasons.GoOn;
        var append = new SessionAppend(sessionId, [new NewEvent(new RunResumed(reason, node.Id, fence.Number), run)])
        {
            Fence = new RunFence(run, owned.Fence),
        };
        var outcome = await log.AppendAsync(append, cancellationToken);
        if (!outcome.Landed)
        {
            return Outcome<CommandReceipt>.Failure(new LabError("run_not_paused", "Somebody else has decided meanwhile."));
        }

        runs.Start(sessionId, fence);
        return await ReceiptAsync(outcome, run, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<Outcome<SessionSummary>> RenameAsync(SessionId sessionId, string title, Actor actor, CancellationToken cancellationToken)
    {
        var trimmed = title?.Trim() ?? string.Empty;
        if (trimmed.Length is 0 or > MaxTitle || trimmed.Any(char.IsControl))
        {
            return Outcome<SessionSummary>.Failure(LabError.Invalid("title", $"A title is 1 to {MaxTitle} characters on one line."));
        }

        if (await FindOwnAsync(sessionId, actor, cancellationToken) is not { } session)
        {
            return Outcome<SessionSummary>.Failure(LabError.NotFound("session"));
        }

        await store.RenameAsync(sessionId, trimmed, cancellationToken);
        return Outcome<SessionSummary>.Success(session with { Title = trimmed });
    }

    /// <inheritdoc />
    public async Task<Outcome<SessionSummary>> DeleteAsync(SessionId sessionId, Actor actor, CancellationToken cancellationToken)
    {
        if (await FindOwnAsync(sessionId, actor, cancellationToken) is not { } session)
        {
            return Outcome<SessionSummary>.Failure(LabError.NotFound("session"));
        }

        return await store.DeleteAsync(sessionId, cancellationToken)
            ? Outcome<SessionSummary>.Success(session)
            : Outcome<SessionSummary>.Failure(CommandErrors.Of(AppendRefusal.RunActive));
    }

    private async Task<Outcome<CommandReceipt>> SendAsync(
        SessionSummary session, Agent agent, MessageUser message, string trigger, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var append = new SessionAppend(session.Id, [new NewEvent(message), new NewEvent(Started(agent, trigger), RunId.New())])
        {
            RequireNoActiveRun = true,
            BlobReferences = [.. (message.Attachments ?? []).Select(f => f.Blob)],
            Idempotency = key,
        };
        return await LandAsync(append, cancellationToken);
    }

    /// <summary>The answer that this request had before, whatever has changed since; null when it comes for the first time.</summary>
    private async Task<Outcome<CommandReceipt>?> ReplayAsync(IdempotencyKey? key, CancellationToken cancellationToken)
    {
        if (key is null || await reader.FindRequestAsync(key, cancellationToken) is not { } earlier)
        {
            return null;
        }

        return earlier.Landed
            ? await ReceiptAsync(earlier, earlier.Receipt.RunId, cancellationToken)
            : Outcome<CommandReceipt>.Failure(CommandErrors.Of(earlier.Refusal.Value));
    }

    private async Task<Outcome<CommandReceipt>> LandAsync(SessionAppend append, CancellationToken cancellationToken)
    {
        var outcome = await log.AppendAsync(append, cancellationToken);
        if (!outcome.Landed)
        {
            return Outcome<CommandReceipt>.Failure(CommandErrors.Of(outcome.Refusal.Value));
        }

        if (outcome.Status == AppendStatus.Appended && outcome.Receipt.RunId is { } run)
        {
            runs.Start(outcome.Receipt.SessionId, new RunFence(run, 1));
        }

        return await ReceiptAsync(outcome, outcome.Receipt.RunId, cancellationToken);
    }

    private async Task<Outcome<CommandReceipt>> ReceiptAsync(AppendOutcome outcome, RunId? run, CancellationToken cancellationToken)
    {
        var receipt = outcome.Receipt!;
        var session = await reader.FindAsync(receipt.SessionId, cancellationToken);
        return session is null
            ? Outcome<CommandReceipt>.Failure(LabError.NotFound("session"))
            : Outcome<CommandReceipt>.Success(new CommandReceipt(session, run, receipt.Last, feed.Epoch, outcome.Status == AppendStatus.Replayed));
    }

    /// <summary>Whether the pause is a question about a step's outcome: a workflow also pauses for times, requests and approvals.</summary>
    private async Task<bool> AsksAsync(SessionId session, CancellationToken cancellationToken)
    {
        var newest = await reader.ReadAsync(session, 0, long.MaxValue, 1, [EventCatalog.Of<RunPaused>().Type], descending: true, cancellationToken);
        return newest is [{ Data: RunPaused { Reason: RunReasons.OutcomeUnknown } }];
    }

    private async Task<SessionSummary?> FindOwnAsync(SessionId id, Actor actor, CancellationToken cancellationToken) =>
        await reader.FindAsync(id, cancellationToken) is { } session && actor.Owns(session.OwnerId) && actor.MayEdit ? session : null;

    /// <summary>The session and its agent as it was when the session began, none where a workflow answers; an agent that is disabled by now answers no more.</summary>
    private async Task<(SessionSummary? Session, Agent? Agent, LabError? Error)> OwnAsync(SessionId id, Actor actor, CancellationToken cancellationToken)
    {
        if (await FindOwnAsync(id, actor, cancellationToken) is not { } session)
        {
            return (null, null, LabError.NotFound("session"));
        }

        if (session.Workflow is { } workflow)
        {
            return Talks(session) ? (session, null, null) : (null, null, new LabError(
                "workflow_session", $"This session belongs to a run of the workflow {workflow.Name} and takes no messages. Start another run of it."));
        }

        if (session is not { AgentId: { } agentId, AgentVersion: { } version } || await agents.FindVersionAsync(agentId, version, cancellationToken) is not { } agent)
        {
            return (null, null, LabError.NotFound("agent"));
        }

        return agent.Status is AgentStatus.Disabled or AgentStatus.Archived ? (null, null, CommandErrors.AgentDisabled(agent)) : (session, agent, null);
    }

    private async Task<MessageUser?> MessageAtAsync(SessionId session, long sequence, CancellationToken cancellationToken)
    {
        var found = await reader.ReadAsync(
            session, sequence - 1, sequence, 1, [EventCatalog.Of<MessageUser>().Type], descending: false, cancellationToken);
        return found.Count > 0 ? (MessageUser)found[0].Data! : null;
    }

    private RunStarted Started(Agent agent, string trigger)
    {
        var limits = agent.Definition.Limits;
        return new RunStarted(trigger, agent.Id, agent.Version, limits with
        {
            Steps = limits.Steps ?? options.Value.RunSteps,
            Seconds = limits.Seconds ?? options.Value.RunSeconds,
        });
    }

    private List<LabError> CheckMessage(string? text, IReadOnlyList<Guid> files, RequestKey? key)
    {
        var errors = CheckText("message", "message", text, key);
        if (files.Count > options.Value.MessageAttachments)
        {
            errors.Add(LabError.Invalid("attachments", $"A message takes at most {options.Value.MessageAttachments} files."));
        }

        return errors;
    }

    /// <summary>What is wrong with a person's words, and with the key of the request that brings them.</summary>
    private List<LabError> CheckText(string field, string what, string? text, RequestKey? key)
    {
        var errors = new List<LabError>();
        var most = options.Value.MessageCharacters;
        if (text is null || text.All(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            errors.Add(LabError.Invalid(field, $"Write a {what} first."));
        }
        else if (text.Trim().Length > most)
        {
            errors.Add(LabError.Invalid(field, $"The {what} has {text.Trim().Length} characters; at most {most} are allowed."));
        }

        if (key is not null && (key.Key.Length is 0 or > MaxKey || key.Key.Any(c => c is < ' ' or > '~')))
        {
            errors.Add(LabError.Invalid("Idempotency-Key", $"The key is 1 to {MaxKey} printable ASCII characters."));
        }

        return errors;
    }

    private static IdempotencyKey? KeyOf(RequestKey? key, Actor actor, string route, string target, string text, IReadOnlyList<Guid> files)
    {
        if (key is null)
        {
            return null;
        }

        var body = Encoding.UTF8.GetBytes(string.Join('\u001f', [target, text, .. files.Select(f => f.ToString("D"))]));
        return new IdempotencyKey(actor.UserId.ToString("D"), route, key.Key, Convert.ToHexStringLower(SHA256.HashData(body)));
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentLab.Core.Agents;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Engine;
using Microsoft.Extensions.Options;

namespace AgentLab.Core.Workflows.Builder;

/// <inheritdoc cref="IWorkflowBuilder"/>
internal sealed class WorkflowBuilder(
    ISessionLog log, ISessionReader reader, ISessionFeed feed, ISessionCommands commands, IAgentStore agents, IRunSupervisor runs, BuilderLog builderLog, BuilderAnswers answers,
    BuilderDiffs diffs, IOptions<BuilderOptions> options, IOptions<RunOptions> runOptions, TimeProvider time) : IWorkflowBuilder
{
    private const int MaxKey = 255;
    private const int MostSelected = 200;
    private const int MostExchanges = 50;

    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);
    private static readonly string[] Ends = [EventCatalog.Of<RunCompleted>().Type, EventCatalog.Of<RunFailed>().Type, EventCatalog.Of<RunCancelled>().Type];

    public async Task<Outcome<BuilderTurn>> StartAsync(BuilderAsk ask, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.MayEdit || !actor.Owns(ask.Workflow.OwnerId))
        {
            return Outcome<BuilderTurn>.Failure(LabError.Forbidden("You may look at this workflow but not change it. Duplicate it to change the copy."));
        }

        if (Check(ask) is { Count: > 0 } errors)
        {
            return Outcome<BuilderTurn>.Failure(errors);
        }

        var key = KeyOf(ask, actor);
        if (key is not null && await reader.FindRequestAsync(key, cancellationToken) is { } earlier)
        {
            return TurnOf(earlier);
        }

        if (ask.Expected is { } expected && expected != ask.Revision)
        {
            return Outcome<BuilderTurn>.Failure(new LabError("edit_conflict", $"The draft is at revision {ask.Revision} by now. Read it again, then ask."));
        }

        var (agent, error) = await AgentAsync(actor, cancellationToken);
        return error is not null
            ? Outcome<BuilderTurn>.Failure(error)
            : await LandAsync(await AppendAsync(ask, agent!, actor, key, cancellationToken), cancellationToken);
    }

    public async Task<Outcome<BuilderAnswer>> AnswerAsync(BuilderTurn turn, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Value.TimeLimit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await EndAsync(turn, linked.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            await StopAsync(turn, cancellationToken);
            return Outcome<BuilderAnswer>.Failure(BuilderAnswers.Late(options.Value.TimeLimit));
        }

        var fold = await builderLog.ReadAsync(turn.SessionId, turn.RunId, turn.After, cancellationToken);
        return fold is null ? Outcome<BuilderAnswer>.Failure(LabError.NotFound("message")) : await answers.OfAsync(turn, fold, cancellationToken);
    }

    public async ValueTask<BuilderConversation?> ConversationAsync(Guid workflow, Actor actor, CancellationToken cancellationToken)
    {
        if (await FindSessionAsync(workflow, null, actor, cancellationToken) is not { } session)
        {
            return null;
        }

        var newest = await reader.ReadAsync(
            session.Id, 0, long.MaxValue, MostExchanges * 2, [EventCatalog.Of<MessageUser>().Type, EventCatalog.Of<RunStarted>().Type], descending: true, cancellationToken);
        var exchanges = new List<BuilderExchange>();
        SessionEvent? message = null;
        foreach (var e in newest.Reverse())
        {
            if (e.Data is MessageUser)
            {
                message = e;
            }
            else if (message is { Data: MessageUser said } && e.RunId is { } run)
            {
                exchanges.Add(await ExchangeAsync(message.At, said.Text, new BuilderTurn(session.Id, run, e.Sequence), cancellationToken));
                message = null;
            }
        }

        return new BuilderConversation(session.Id, exchanges);
    }

    public Outcome<BuilderSelection> Select(WorkflowDefinition draft, BuilderDiff diff, IReadOnlyCollection<string> chosen) => diffs.Select(draft, diff, chosen);

    private static List<LabError> Check(BuilderAsk ask)
    {
        var errors = new List<LabError>();
        var text = ask.Message?.Trim() ?? string.Empty;
        if (text.All(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            errors.Add(LabError.Invalid("message", "Say what the workflow should do."));
        }
        else if (text.Length > BuilderOptions.MessageCharacters)
        {
            errors.Add(LabError.Invalid("message", FormattableString.Invariant($"The message has {text.Length:N0} characters; at most {BuilderOptions.MessageCharacters:N0} are allowed.")));
        }

        if (ask.Selection.Count > MostSelected || ask.Selection.Any(id => id is null || id.Length > WorkflowBounds.IdLength))
        {
            errors.Add(LabError.Invalid("selection", $"A selection names at most {MostSelected} nodes by their ids."));
        }

        if (ask.Key is { } key && (key.Key.Length is 0 or > MaxKey || key.Key.Any(c => c is < ' ' or > '~')))
        {
            errors.Add(LabError.Invalid("Idempotency-Key", $"The key is 1 to {MaxKey} printable ASCII characters."));
        }

        return errors;
    }

    private static IdempotencyKey? KeyOf(BuilderAsk ask, Actor actor)
    {
        if (ask.Key is null)
        {
            return null;
        }

        var body = Encoding.UTF8.GetBytes(string.Join('\u001f', [ask.Workflow.Id.ToString("D"), ask.Message.Trim(), $"{ask.Expected}", .. ask.Selection]));
        return new IdempotencyKey(actor.UserId.ToString("D"), "workflows.builder", ask.Key.Key, Convert.ToHexStringLower(SHA256.HashData(body)));
    }

    /// <summary>The agent that builds: the one that AgentLab brings along, or another of its type that somebody made in its place.</summary>
    private async Task<(Agent? Agent, LabError? Error)> AgentAsync(Actor actor, CancellationToken cancellationToken)
    {
        var agent = await agents.FindAsync(StarterAgents.Builder.Slug, actor, cancellationToken);
        agent ??= (await agents.ListAsync(new AgentQuery { Type = AgentType.Builder, Status = AgentStatus.Active, Limit = 1 }, actor, cancellationToken))
            .Items is [var other, ..] ? other : null;
        return agent switch
        {
            null => (null, new LabError("builder_missing", "There is no agent of the type builder. Ask an administrator to make one.")),
            { Status: AgentStatus.Disabled or AgentStatus.Archived } => (null, new LabError("agent_disabled", $"The agent {agent.Name} is {agent.Status.ToString().ToLowerInvariant()} and starts no runs.")),
            _ => (agent, null),
        };
    }

    /// <summary>A session keeps the version of its agent: after a change of the agent another one begins.</summary>
    private async Task<SessionSummary?> FindSessionAsync(Guid workflow, Agent? agent, Actor actor, CancellationToken cancellationToken)
    {
        var query = new SessionQuery { OwnerId = actor.UserId, WorkflowId = workflow, AgentId = agent?.Id, Limit = 20 };
        var page = await reader.ListAsync(query, cancellationToken);
        while (true)
        {
            // The runs of the workflow itself are in sessions without an agent.
            if (page.Items.FirstOrDefault(session => session.AgentId is not null && (agent is null || session.AgentVersion == agent.Version)) is { } found)
            {
                return found;
            }

            if (page.NextCursor is null)
            {
                return null;
            }

            page = await reader.ListAsync(query with { Cursor = page.NextCursor, Limit = 100 }, cancellationToken);
        }
    }

    private async Task<SessionAppend> AppendAsync(BuilderAsk ask, Agent agent, Actor actor, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var workflow = ask.Workflow;
        var session = await FindSessionAsync(workflow.Id, agent, actor, cancellationToken);
        var run = RunId.New();
        var blobs = new List<Blob>();
        var draft = LargeText.Of(JsonSerializer.Serialize(ask.Draft, WorkflowJson.Compact.WorkflowDefinition), blobs, "application/json");
        var limits = agent.Definition.Limits;
        var started = new RunStarted("message", agent.Id, agent.Version, limits with
        {
            Steps = limits.Steps ?? runOptions.Value.RunSteps,
            Seconds = limits.Seconds ?? runOptions.Value.RunSeconds,
        });
        List<NewEvent> events =
        [
            new NewEvent(new MessageUser(ask.Message.Trim())),
            new NewEvent(started, run),
            new NewEvent(new WorkflowShown(workflow.Id, ask.Revision, draft, ask.Selection), run),
        ];
        if (session is null)
        {
            var reference = new WorkflowReference(workflow.Id, 0, workflow.Name);
            events.Insert(0, new NewEvent(new SessionCreated($"Builder: {workflow.Name}", agent.Id, agent.Version, agent.Name, actor.UserId, workflow.ProjectId, reference)));
        }

        return new SessionAppend(session?.Id ?? SessionId.New(), events)
        {
            Create = session is null ? new NewSession(actor.UserId, workflow.ProjectId) : null,
            RequireNoActiveRun = session is not null,
            Blobs = blobs,
            Idempotency = key,
        };
    }

    private async Task<Outcome<BuilderTurn>> LandAsync(SessionAppend append, CancellationToken cancellationToken)
    {
        var outcome = await log.AppendAsync(append, cancellationToken);
        var turn = TurnOf(outcome);
        if (turn.Ok && !turn.Value.Replayed)
        {
            runs.Start(turn.Value.SessionId, new RunFence(turn.Value.RunId, 1));
        }

        return turn;
    }

    private static Outcome<BuilderTurn> TurnOf(AppendOutcome outcome) => outcome switch
    {
        { Landed: true, Receipt: { RunId: { } run } receipt } =>
            Outcome<BuilderTurn>.Success(new BuilderTurn(receipt.SessionId, run, receipt.First - 1, outcome.Status == AppendStatus.Replayed)),
        { Refusal: AppendRefusal.RunActive } =>
            Outcome<BuilderTurn>.Failure(new LabError("run_active", "The builder still works on your last message. Wait for its answer, or stop it.", CanRetry: true)),
        { Refusal: AppendRefusal.KeyReused } =>
            Outcome<BuilderTurn>.Failure(new LabError("idempotency_key_reused", "This Idempotency-Key was used for another request. Use a new one.")),
        _ => Outcome<BuilderTurn>.Failure(new LabError("conflict", "The conversation changed at the same time. Try again.", CanRetry: true)),
    };

    /// <summary>Waits until the run's end is in the log.</summary>
    private async Task EndAsync(BuilderTurn turn, CancellationToken cancellationToken)
    {
        using var cursor = await feed.OpenAsync(turn.SessionId, SessionPosition.After(turn.After), InProcess.Viewer, cancellationToken);
        while (cursor is not null)
        {
            var events = await cursor.ReadAsync(256, cancellationToken);
            if (events.Any(e => e.Event.RunId == turn.RunId && Ends.Contains(e.Event.Type)))
            {
                return;
            }

            if (events.Count == 0)
            {
                await cursor.WaitAsync(TimeSpan.FromSeconds(15), cancellationToken);
            }
        }
    }

    private async Task StopAsync(BuilderTurn turn, CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(turn.SessionId, cancellationToken) is not { } session || session.ActiveRunId != turn.RunId)
        {
            return;
        }

        await commands.StopAsync(turn.SessionId, new Actor(session.OwnerId, ActorRole.Editor), cancellationToken);
        using var grace = new CancellationTokenSource(StopGrace, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(grace.Token, cancellationToken);
        try
        {
            await EndAsync(turn, linked.Token);
        }
        catch (OperationCanceledException) when (grace.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The stop is in the log: the run ends by itself, whatever holds it up.
        }
    }

    private async Task<BuilderExchange> ExchangeAsync(DateTimeOffset at, string text, BuilderTurn turn, CancellationToken cancellationToken)
    {
        var fold = await builderLog.ReadAsync(turn.SessionId, turn.RunId, turn.After, cancellationToken);
        if (fold?.End is null)
        {
            return new BuilderExchange(at, text, turn, null, null);
        }

        var answer = await answers.OfAsync(turn, fold, cancellationToken);
        return new BuilderExchange(at, text, turn, answer.Value, answer.Error);
    }

    /// <summary>Reads on behalf of a person whose right was asked for before.</summary>
    private sealed class InProcess : ISessionViewer
    {
        public static readonly InProcess Viewer = new();

        public ValueTask<bool> MayReadAsync(SessionSummary session, CancellationToken cancellationToken) => ValueTask.FromResult(true);
    }
}

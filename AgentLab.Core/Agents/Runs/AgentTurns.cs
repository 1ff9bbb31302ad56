using System.Text;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Core.Workflows.Nodes.Agents;
using Microsoft.Extensions.Options;

namespace AgentLab.Core.Agents.Runs;

/// <summary>Runs the agent loop inside a step of a workflow's run, behind what was recorded of it before.</summary>
internal sealed class AgentTurns(
    IAgentStore agents, IToolRegistry tools, ModelStep modelStep, ToolStep toolStep, ISessionReader reader, IOptions<RunOptions> options, TimeProvider time) : IAgentTurn
{
    /// <inheritdoc />
    public async Task<AgentTurnResult> RunAsync(AgentTurn turn, CancellationToken cancellationToken)
    {
        if (await AgentAsync(turn, cancellationToken) is not { } agent)
        {
            return new AgentTurnResult.Failed("agent_not_found", $"There is no agent {turn.Agent}, or the run's owner may not use it.", false);
        }

        if (Begun(turn.Call) is null && agent.Status is AgentStatus.Disabled or AgentStatus.Archived)
        {
            return new AgentTurnResult.Failed("agent_disabled", $"The agent {agent.Name} is {agent.Status.ToString().ToLowerInvariant()}. Enable it, or choose another.", false);
        }

        var fold = new RunFold(turn.Call.RunId);
        using var journal = new TurnJournal(turn.Call, fold, time);
        var run = new RunContext(Session(turn.Call), agent, fold, new Conversation(), journal, tools.Resolve(agent.Definition.Tools).Tools)
        {
            Schema = turn.Schema,
            Inside = agent.Id == Guid.Empty ? null : new AgentReference(agent.Id, agent.Version),
        };
        await FoldAsync(run, turn, cancellationToken);
        while (true)
        {
            await new AgentRun(run, modelStep, toolStep, time).RunAsync(CancellationToken.None, cancellationToken);
            var result = await ResultAsync(run, journal, cancellationToken);
            if (result is not AgentTurnResult.Answered answered || !SendBack(run, answered.Text))
            {
                return result;
            }
        }
    }

    /// <summary>Whether an answer that does not follow the schema was sent back with what is wrong: once, whatever the log holds of the turn already.</summary>
    private static bool SendBack(RunContext run, string answer)
    {
        if (run.Schema is not { } schema || run.AskAgainAfter > 0 || StructuredAnswer.Read(answer, schema).Fault is not { } fault)
        {
            return false;
        }

        run.AskAgainAfter = run.Fold.ModelAnswers;
        run.Conversation.Apply(Event(run, null, 0, default, new MessageUser(StructuredAnswer.SendBack(fault))) with { Sequence = run.ContextThrough });
        return true;
    }

    /// <summary>A step that began with a version keeps it, whatever was saved while its process was away.</summary>
    private static AgentReference? Begun(NodeCall call) => call.Journal.Recorded.Select(e => e.Data).OfType<ModelRequested>().FirstOrDefault()?.Agent;

    private async ValueTask<Agent?> AgentAsync(AgentTurn turn, CancellationToken cancellationToken)
    {
        if (Begun(turn.Call) is { } begun)
        {
            return await agents.FindVersionAsync(begun.Id, begun.Version, cancellationToken);
        }

        if (turn.Agent is { } name)
        {
            return await agents.FindAsync(name, new Actor(turn.Call.OwnerId, ActorRole.Editor), cancellationToken);
        }

        return new Agent
        {
            Id = Guid.Empty,
            Slug = string.Empty,
            Version = 0,
            Status = AgentStatus.Active,
            OwnerId = turn.Call.OwnerId,
            ProjectId = turn.Call.ProjectId,
            Definition = turn.Definition ?? throw new ArgumentException("A turn names an agent or brings one.", nameof(turn)),
            CreatedAt = time.GetUtcNow(),
            UpdatedAt = time.GetUtcNow(),
        };
    }

    private static SessionSummary Session(NodeCall call) => new()
    {
        Id = call.SessionId,
        OwnerId = call.OwnerId,
        ProjectId = call.ProjectId,
        Title = string.Empty,
        Status = SessionStatus.Running,
        Head = 0,
        CreatedAt = default,
        UpdatedAt = default,
    };

    /// <summary>The message, and then what was recorded: the state from which the loop goes on.</summary>
    private async Task FoldAsync(RunContext run, AgentTurn turn, CancellationToken cancellationToken)
    {
        var call = turn.Call;
        var recorded = call.Journal.Recorded;
        var limits = run.Agent.Definition.Limits;
        var started = new RunStarted("workflow", run.Agent.Id, run.Agent.Version, limits with
        {
            Steps = limits.Steps ?? options.Value.RunSteps,
            Seconds = limits.Seconds ?? options.Value.RunSeconds,
        });
        Apply(run, null, 0, time.GetUtcNow(), started);
        run.Conversation.Apply(Event(run, null, 0, default, new MessageUser(turn.Text)));
        foreach (var e in recorded)
        {
            if (e.StepId is { } stepId && stepId.StartsWith(run.Journal.Prefix, StringComparison.Ordinal) && e.Data is { } data)
            {
                var inside = new SessionEvent(e.Sequence, e.RunId, stepId[run.Journal.Prefix.Length..], e.Attempt, e.Type, e.V, e.At, e.Json, data);
                run.Fold.Apply(inside);
                run.Conversation.Apply(inside);
                run.ContextThrough = e.Sequence;
                if (run.Schema is not null && data is ModelCompleted { ToolCalls.Count: 0 } answer)
                {
                    SendBack(run, await TextAsync(run, answer, cancellationToken));
                }
            }
        }

        TakeDecision(run, call);
    }

    /// <summary>What a person said of the call whose end nobody recorded.</summary>
    private static void TakeDecision(RunContext run, NodeCall call)
    {
        if (call.Decision is not { } decision)
        {
            return;
        }

        foreach (var (stepId, attempt) in run.Fold.OpenSteps())
        {
            if (run.Fold.Step(stepId) is { Request: { RepeatSafe: false } request })
            {
                Apply(run, stepId, attempt, default, new RunOutcomeUnknown(request.Tool, request.CallId, string.Empty));
                Apply(run, null, 0, default, new RunResumed(decision == OutcomeDecision.Repeat ? RunReasons.Repeat : RunReasons.GoOn, string.Empty, 0));
                return;
            }
        }
    }

    private static void Apply(RunContext run, string? stepId, int attempt, DateTimeOffset at, EventData data) => run.Fold.Apply(Event(run, stepId, attempt, at, data));

    private static SessionEvent Event(RunContext run, string? stepId, int attempt, DateTimeOffset at, EventData data) =>
        new(0, run.Journal.Run, stepId, attempt, string.Empty, 1, at, default, data);

    private async Task<AgentTurnResult> ResultAsync(RunContext run, TurnJournal journal, CancellationToken cancellationToken)
    {
        if (journal.Question is { } question)
        {
            return new AgentTurnResult.OutcomeUnknown(question.Tool, question.Question, question.CallId);
        }

        if (journal.Failure is { } failure)
        {
            return new AgentTurnResult.Failed(failure.Code, failure.Message, failure.CanRetry);
        }

        var answer = run.Fold.LastAnswer ?? throw new InvalidOperationException("The turn ended without an answer and without a reason.");
        var text = await TextAsync(run, answer, cancellationToken);
        return new AgentTurnResult.Answered(text, run.Fold.Usage, run.Fold.Steps - run.Fold.ModelAnswers, $"{answer.Provider}/{answer.Model}");
    }

    private async Task<string> TextAsync(RunContext run, ModelCompleted answer, CancellationToken cancellationToken) =>
        answer.Answer.Blob is { } hash && await reader.BlobAsync(run.Session.Id, hash, cancellationToken) is { } blob
            ? Encoding.UTF8.GetString(blob.Content.Span)
            : answer.Answer.Text;
}

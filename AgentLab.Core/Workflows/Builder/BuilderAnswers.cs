using System.Text.Json;
using AgentLab.Core.Agents;
using AgentLab.Core.Models;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Workflows.Builder;

/// <summary>Makes answers, or the reasons why there is none, out of what the log says of a run.</summary>
internal sealed class BuilderAnswers(BuilderDiffs diffs, IModelClients models, IAgentStore agents, ISessionReader reader)
{
    /// <summary>The code of an answer that nobody could give.</summary>
    public const string NoModel = "model_unavailable";

    /// <summary>The code of an answer that took too long.</summary>
    public const string TooLate = "builder_timeout";

    private const string Untouched = "The workflow is as it was.";

    private static readonly JsonElement NoArguments = JsonElement.Parse("{}");

    /// <summary>What a run that has ended comes to.</summary>
    public async Task<Outcome<BuilderAnswer>> OfAsync(BuilderTurn turn, BuilderFold fold, CancellationToken cancellationToken) => fold.End switch
    {
        RunCompleted => Outcome<BuilderAnswer>.Success(await AnswerAsync(turn, fold, cancellationToken)),
        RunFailed failed => Outcome<BuilderAnswer>.Failure(ErrorOf(failed)),
        _ => Outcome<BuilderAnswer>.Failure(new LabError("builder_stopped", $"The answer was stopped. {Untouched}", CanRetry: true)),
    };

    /// <summary>It took too long.</summary>
    public static LabError Late(TimeSpan limit) =>
        new(TooLate, $"The builder did not answer within {limit.TotalSeconds:0} seconds and was stopped. {Untouched} Ask for less at once, or choose a faster model for the agent.", CanRetry: true);

    private static LabError ErrorOf(RunFailed failed) => failed.Code switch
    {
        ModelErrorCodes.Timeout or "limit_seconds" or "limit_steps" =>
            new LabError(TooLate, $"{failed.Message} {Untouched}", CanRetry: true),
        _ when failed.Code.StartsWith("model_", StringComparison.Ordinal) =>
            new LabError(NoModel, $"{failed.Message} {Untouched}", failed.CanRetry),
        _ => new LabError("builder_failed", $"{failed.Message} {Untouched}", failed.CanRetry),
    };

    private async Task<BuilderAnswer> AnswerAsync(BuilderTurn turn, BuilderFold fold, CancellationToken cancellationToken)
    {
        var copy = fold.Copy();
        var steps = fold.Steps.ToList();
        var answer = fold.LastAnswer!;
        var isRehearsal = answer.Provider == ProviderDefinition.RehearsalId;
        var standsInFor = isRehearsal ? await WantedAsync(turn.SessionId, cancellationToken) : null;
        var notice = standsInFor is null ? string.Empty : $"**{standsInFor} does not answer just now; the built-in rehearsal model stands in.**\n\n";
        return new BuilderAnswer
        {
            SessionId = turn.SessionId,
            RunId = turn.RunId,
            Text = notice + fold.Text,
            Revision = fold.Revision,
            BaseGraph = copy.Shown,
            UpdatedGraph = copy.Graph,
            Diff = diffs.Between(copy.Shown, copy.Graph),
            DetectedActions = [.. steps.Select(step => step.Result).OfType<EditResult>().Where(result => result.Action != "unmapped").Select(r => new DetectedAction(r.Action, r.Done, r.Node, r.Kind, r.Phrase))],
            ToolCalls = [.. steps.Select(step => new BuilderToolCall(step.Tool, step.Arguments.ValueKind == JsonValueKind.Undefined ? NoArguments : step.Arguments, step.Result?.Done, step.Error))],
            Unmapped = [.. steps.Select(step => step.Result).OfType<EditResult>().Where(result => result.Action == "unmapped").Select(r => new UnmappedPhrase(r.Phrase ?? string.Empty, r.Reason ?? string.Empty, r.Nearest))],
            Model = $"{answer.Provider}/{answer.Model}",
            IsRehearsal = isRehearsal,
            StandsInFor = standsInFor,
        };
    }

    /// <summary>The provider that the agent wants; null when it wants the rehearsal model.</summary>
    private async Task<string?> WantedAsync(SessionId session, CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(session, cancellationToken) is not { AgentId: { } id, AgentVersion: { } version } || await agents.FindVersionAsync(id, version, cancellationToken) is not { } agent)
        {
            return null;
        }

        try
        {
            var wanted = (await models.RouteAsync(agent.Definition.Model, cancellationToken)).Primary;
            return wanted.IsRehearsal ? null : wanted.ProviderName;
        }
        catch (ModelException)
        {
            return null;
        }
    }
}

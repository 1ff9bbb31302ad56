using System.Text.Json;
using System.Text.RegularExpressions;
using AgentLab.Core.Workflows.Builder.Phrases;
using AgentLab.Core.Workflows.Builder.Tools;
using Microsoft.Extensions.AI;

namespace AgentLab.Core.Models.Rehearsal;

/// <summary>A turn of the builder agent: look around, make the changes that the message's phrases come to, check, and say what was done.</summary>
internal static partial class BuilderPlanner
{
    private static readonly string[] Looks = [BuilderToolNames.Look, BuilderToolNames.ListKinds, BuilderToolNames.ListAgents, BuilderToolNames.ListTools];

    /// <summary>Whether the turn is the builder's.</summary>
    public static bool Wants(RehearsalTurn turn) => turn.Has(BuilderToolNames.Look) && turn.Has(BuilderToolNames.AddNode);

    /// <summary>The next step of the turn: calls, or the answer.</summary>
    public static RehearsalReply Reply(RehearsalTurn turn)
    {
        var calls = Next(turn);
        if (turn.Options.AllowMultipleToolCalls == false)
        {
            calls = [.. calls.Take(1)];
        }

        return calls.Count > 0
            ? new RehearsalReply("", [.. calls.Select((call, i) => new FunctionCallContent($"{turn.Id}-{i}", call.Tool, call.Arguments))], ChatFinishReason.ToolCalls)
            : new RehearsalReply(BuilderWords.Answer(turn, IsQuestion(turn.Question)), [], ChatFinishReason.Stop);
    }

    private static List<PlannedCall> Next(RehearsalTurn turn)
    {
        if (RehearsalRules.IsSmallTalk(turn.Question))
        {
            return [];
        }

        var missing = Looks.Where(tool => turn.Has(tool) && turn.Results.All(result => result.Tool != tool)).ToList();
        if (missing.Count > 0)
        {
            return [.. missing.Select(tool => new PlannedCall(tool, []))];
        }

        var made = turn.Results.Where(result => !Looks.Contains(result.Tool)).ToList();
        if (made.Any(result => result.Tool == BuilderToolNames.Check) || ResultOf(turn, BuilderToolNames.Look) is not { ValueKind: JsonValueKind.Object } look
            || look.TryGetProperty("error", out _) || (made.Count == 0 && IsQuestion(turn.Question)))
        {
            return [];
        }

        var plan = PhrasePlanner.Plan(turn.Question, PhraseView.Read(
            look, ResultOf(turn, BuilderToolNames.ListKinds), ResultOf(turn, BuilderToolNames.ListAgents), ResultOf(turn, BuilderToolNames.ListTools), turn.Has(BuilderToolNames.AddBlock)));

        // Calls that are not of this plan are another model's, in whose place these rules stand from here on: they finish what it began.
        var begunHere = made.Zip(plan.Calls).All(pair => pair.First.Tool == pair.Second.Tool);
        var left = begunHere ? plan.Calls.Skip(made.Count).Select(call => new PlannedCall(call.Tool, call.Arguments)).ToList() : [];
        return left.Count > 0 ? left : made.Count > 0 && turn.Has(BuilderToolNames.Check) ? [new PlannedCall(BuilderToolNames.Check, [])] : [];
    }

    private static JsonElement ResultOf(RehearsalTurn turn, string tool) => turn.Results.FirstOrDefault(result => result.Tool == tool)?.Result ?? default;

    private static bool IsQuestion(string text) => Question().IsMatch(text.Trim());

    [GeneratedRegex(@"^(?:(?:what|how|why|which|who|where|does|do|is|are)\b.*\?|(?:describe|explain|show me|list|tell me about|what (?:is|does|are|happens))\b(?:(?!\bhttps?:).)*)\s*$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Question();
}

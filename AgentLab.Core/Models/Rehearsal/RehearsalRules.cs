using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace AgentLab.Core.Models.Rehearsal;

/// <summary>Decides what to do: call tools (at most twice in a turn), or answer from what they returned.</summary>
internal static partial class RehearsalRules
{
    private const int MostRounds = 2;
    private const int MostCalls = 6;

    public static RehearsalReply Reply(RehearsalTurn turn)
    {
        if (BuilderPlanner.Wants(turn))
        {
            return BuilderPlanner.Reply(turn);
        }

        var plan = turn.Round < MostRounds ? Plan(turn) : [];
        if (turn.Options.AllowMultipleToolCalls == false)
        {
            plan = plan[..Math.Min(1, plan.Count)];
        }

        return plan.Count > 0
            ? new RehearsalReply("", [.. plan.Take(MostCalls).Select((p, i) => new FunctionCallContent($"{turn.Id}-{i}", p.Tool, p.Arguments))], ChatFinishReason.ToolCalls)
            : Answer(turn);
    }

    private static RehearsalReply Answer(RehearsalTurn turn)
    {
        var text = turn.Options.ResponseFormat is ChatResponseFormatJson json ? SchemaFiller.Document(json.Schema, turn.Question) : AnswerWriter.Write(turn);
        if (turn.Options.MaxOutputTokens is not { } limit || TokenEstimate.Of(text) <= limit)
        {
            return new RehearsalReply(text, [], ChatFinishReason.Stop);
        }

        var kept = new System.Text.StringBuilder();
        foreach (var word in RehearsalText.Words(text).TakeWhile(w => TokenEstimate.Of(kept.ToString() + w) <= limit))
        {
            kept.Append(word);
        }

        return new RehearsalReply(kept.ToString(), [], ChatFinishReason.Length);
    }

    private static List<PlannedCall> Plan(RehearsalTurn turn)
    {
        if (turn.Tools.Count == 0)
        {
            return [];
        }

        if (turn.Options.ToolMode is RequiredChatToolMode required && turn.Round == 0)
        {
            return [Required(turn, required.RequiredFunctionName)];
        }

        return turn.Round == 0 ? FirstRound(turn) : TablePlanner.AfterDescription(turn);
    }

    private static PlannedCall Required(RehearsalTurn turn, string? name)
    {
        var fitting = FirstRound(turn);
        if (fitting.FirstOrDefault(c => name is null || c.Tool == name) is { } planned)
        {
            return planned;
        }

        var tool = turn.Tools.FirstOrDefault(t => t.Name == name) ?? turn.Tools[0];
        return new PlannedCall(tool.Name, SchemaFiller.Arguments(tool.JsonSchema, turn.Question));
    }

    private static List<PlannedCall> FirstRound(RehearsalTurn turn)
    {
        if (IsSmallTalk(turn.Question))
        {
            return [];
        }

        List<PlannedCall> calls =
        [
            .. PagePlanner.Plan(turn),
            .. ArithmeticPlanner.Plan(turn),
            .. MomentPlanner.Plan(turn),
            .. TablePlanner.Plan(turn),
            .. OtherToolPlanner.Plan(turn),
        ];
        if (DocumentPlanner.Wants(turn, calls.Count == 0))
        {
            calls.Add(DocumentPlanner.Plan(turn));
        }

        // Nothing fits: saying what tables there are is more help than giving up.
        return calls.Count == 0 ? TablePlanner.LookAround(turn) : calls;
    }

    internal static bool IsSmallTalk(string question) => question.Length == 0 || SmallTalk().IsMatch(question);

    [GeneratedRegex(@"^\W*(hi|hello|hey|good (morning|afternoon|evening|day)|thanks?|thank you|ok(ay)?|bye|goodbye|yes|no|who are you|what are you|what can you do|help|test(ing)?)\b[\s\W]*((there|again|you|very much|please|me)[\s\W]*)*$", RegexOptions.IgnoreCase)]
    private static partial Regex SmallTalk();
}

/// <summary>A tool call that the rules want to make.</summary>
internal sealed record PlannedCall(string Tool, Dictionary<string, object?> Arguments);

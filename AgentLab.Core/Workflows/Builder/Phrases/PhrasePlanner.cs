using System.Text.RegularExpressions;

namespace AgentLab.Core.Workflows.Builder.Phrases;

/// <summary>
/// Turns plain English into calls of the builder's tools, by rules: sentences into clauses, clauses into nodes, and what no rule fits into words that say so. The same
/// message on the same workflow is always the same plan.
/// </summary>
internal sealed partial class PhrasePlanner
{
    private const int MostClauses = 60;
    private const int LongestClause = 600;
    private const int Deepest = 6;

    private readonly PhrasePlan _plan;
    private readonly Protected _kept;
    private PhraseFlow? _flow;
    private int _clauses;

    private PhrasePlanner(string message, PhraseView view)
    {
        _plan = new PhrasePlan(view);
        _kept = new Protected(message);
    }

    /// <summary>The plan for a message.</summary>
    public static PhrasePlan Plan(string message, PhraseView view)
    {
        var planner = new PhrasePlanner(message, view);
        foreach (var sentence in Sentences().Split(planner._kept.Text).Select(PhraseText.Bare).Where(PhraseText.HasWords))
        {
            planner.Sentence(sentence);
        }

        return planner._plan;
    }

    /// <summary>Where a message that names no place goes on: behind the selected node, else behind the last one.</summary>
    public static PhraseFlow End(PhrasePlan plan)
    {
        var view = plan.View;
        var selected = view.Nodes.Where(node => view.Selection.Contains(node.Id, StringComparer.Ordinal) && node.Ports.Count > 0).ToList();
        var behind = selected.Count > 0 ? selected : [.. view.Nodes.Where(node => node.Ports.Count > 0 && view.Edges.All(edge => edge.From != node.Id))];
        var last = behind.OrderByDescending(node => node.X).ThenBy(node => node.Order).FirstOrDefault();
        return last is null ? new PhraseFlow([]) : new PhraseFlow([last.Id], FieldsBehind(view, last), last.Kind is "filter" or "sort" or "limit" or "deduplicate" or "loop");
    }

    private static string FieldsBehind(PhraseView view, PhraseView.Seen node) => node.Kind switch
    {
        "webhook_trigger" or "http_request" => "data.body",
        "agent" or "model_prompt" => "input",
        "approval" => "data.data",
        "condition" or "switch" or "wait" or "send_webhook" when view.Edges.FirstOrDefault(edge => edge.To == node.Id).From is { } before
            && view.Nodes.FirstOrDefault(one => one.Id == before) is { Kind: "webhook_trigger" or "http_request" } => "data.body",
        _ => "data",
    };

    private void Sentence(string sentence)
    {
        var text = sentence;
        if (TriggerPhrases.Read(text) is { } trigger)
        {
            Start(trigger);
            text = PhraseText.Bare(trigger.Rest);
        }
        else if (WhenState().Match(text) is { Success: true } when)
        {
            // "when an order is late, ask the carrier": nothing that AgentLab hears of by itself, so it is looked at when the run starts.
            Begin();
            text = $"if {when.Groups["rest"].Value}";
        }

        if (PhraseText.HasWords(text))
        {
            _flow = Sequence(text, _flow, 0);
        }
    }

    private void Start(TriggerPhrases.Found trigger)
    {
        var words = _kept.Restore(trigger.Words);
        if (trigger.Kind is null)
        {
            _plan.CannotMap(words, "Workflows cannot start by the clock yet.", "A start by hand is used; a scheduler of yours can call POST /api/v1/workflows/{id}/runs at that time.");
            Begin();
            return;
        }

        if (_plan.View.Nodes.FirstOrDefault(node => node.Kind == trigger.Kind) is { } same && (trigger.Kind != "webhook_trigger" || _plan.View.Nodes.Count > 0))
        {
            _flow = new PhraseFlow([same.Id], trigger.Fields);
            return;
        }

        var settings = trigger.Settings.ToDictionary(pair => pair.Key, pair => pair.Value is string text ? _kept.Restore(text) : pair.Value);
        if (settings.TryGetValue("slug", out var slug) && slug is "")
        {
            // Addresses are unique for the whole instance: the workflow's own name is the best guess at a free one.
            settings["slug"] = TriggerPhrases.Slug(_plan.View.Name);
        }

        if (settings.TryGetValue("workflow", out var named))
        {
            settings["workflow"] = TriggerPhrases.Slug((string)named!);
        }

        if (_plan.Add(trigger.Kind, trigger.Name, settings, null, words) is { } id)
        {
            _flow = new PhraseFlow([id], trigger.Fields);
        }
    }

    /// <summary>Something must start the run: what is there, or a start by hand.</summary>
    private void Begin()
    {
        if (_flow is not null)
        {
            return;
        }

        if (_plan.View.Nodes.Count > 0)
        {
            _flow = End(_plan);
            return;
        }

        _flow = _plan.Add("manual_trigger", "Start by hand", [], null, string.Empty) is { } id ? new PhraseFlow([id]) : new PhraseFlow([]);
    }

    private PhraseFlow? Sequence(string text, PhraseFlow? flow, int depth)
    {
        var rest = PhraseText.Bare(text);
        while (PhraseText.HasWords(rest))
        {
            if (++_clauses > MostClauses || depth > Deepest)
            {
                _plan.CannotMap(_kept.Restore(rest), "The message asks for more steps, or deeper ones, than the rules follow.", "Accept this proposal, then ask for the rest.");
                return flow;
            }

            if (IfThen(rest, flow, depth, out var after) || ForEach(rest, flow, depth, out after) || AtOnce(rest, flow, depth, out after))
            {
                return after;
            }

            var (clause, next) = Cut(rest);
            flow = Clause(clause, flow);
            rest = PhraseText.Bare(next);
        }

        return flow;
    }

    private PhraseFlow? Clause(string clause, PhraseFlow? flow)
    {
        var words = _kept.Restore(clause).Trim();
        if (words.Length > LongestClause)
        {
            _plan.CannotMap(words, "These words are too long for one step.", "Cut them into shorter sentences.");
            return flow;
        }

        if (BlockPhrases.At(_plan.View, words) is { } named)
        {
            return Block(named.Block, words, flow);
        }

        _flow = flow;
        if (EditPhrases.Adds(words) && _plan.View.Nodes.Count == 0)
        {
            Begin();
        }

        flow = _flow;
        if (EditPhrases.Read(_plan, words, ref flow))
        {
            return flow;
        }

        if (BlockPhrases.Within(_plan.View, words) is { } block)
        {
            return Block(block, words, flow);
        }

        if (BlockPhrases.IsMissing(_plan, words))
        {
            return flow;
        }

        Begin();
        return ActionPhrases.Read(_plan, words, _flow!);
    }

    private PhraseFlow Block(PhraseView.Block block, string words, PhraseFlow? flow)
    {
        _flow = flow;
        if (!_plan.View.Kinds.TryGetValue(block.Kind, out var kind) || !kind.IsTrigger)
        {
            Begin();
        }

        return BlockPhrases.Add(_plan, block, words, _flow ?? new PhraseFlow([]));
    }

    /// <summary>if … then … else …; what follows the sentence goes on behind both ways.</summary>
    private bool IfThen(string text, PhraseFlow? flow, int depth, out PhraseFlow? after)
    {
        after = flow;
        if (If().Match(text) is not { Success: true } match)
        {
            return false;
        }

        _flow = flow;
        Begin();
        var words = _kept.Restore(match.Groups["condition"].Value);
        if (_flow!.Ends is [var end] && end.EndsWith(".approved", StringComparison.Ordinal) && Decision().Match(words) is { Success: true } decision)
        {
            // The answer of the person who was asked just before: the approval's own ways.
            var node = end[..^".approved".Length];
            var (said, otherwise) = Branches(match.Groups["rest"].Value);
            var refused = decision.Groups["no"].Success != match.Groups["unless"].Success;
            after = Ways(_flow, node, refused ? ("rejected", "approved") : ("approved", "rejected"), said, otherwise, depth);
            return true;
        }

        var condition = ConditionPhrase.Read(words, _flow!.Fields);
        if (condition is null)
        {
            _plan.CannotMap($"if {words}", "I cannot read the condition.", "Say it as “if the total is over 100 then … else …”.");
            after = _flow;
            return true;
        }

        if (_plan.Add("condition", $"{PhraseText.Noun(words)}?", new() { ["condition"] = condition }, _flow, $"if {words}") is not { } id)
        {
            after = _flow;
            return true;
        }

        var (yes, no) = Branches(match.Groups["rest"].Value);
        after = Ways(_flow, id, match.Groups["unless"].Success ? ("false", "true") : ("true", "false"), yes, no, depth);
        return true;
    }

    /// <summary>Both ways of a decision; behind them the message goes on from both.</summary>
    private PhraseFlow Ways(PhraseFlow flow, string node, (string Yes, string No) ports, string yes, string no, int depth)
    {
        var taken = Sequence(yes, flow with { Ends = [$"{node}.{ports.Yes}"] }, depth + 1)!;
        var other = no.Length == 0 ? flow with { Ends = [$"{node}.{ports.No}"] } : Sequence(no, flow with { Ends = [$"{node}.{ports.No}"] }, depth + 1)!;
        return new PhraseFlow([.. taken.Ends, .. other.Ends], taken.Fields == other.Fields ? taken.Fields : flow.Fields, taken.IsList && other.IsList);
    }

    /// <summary>The words up to the else that belongs to this if, and those behind it.</summary>
    private static (string Yes, string No) Branches(string rest)
    {
        var open = 0;
        foreach (Match word in IfElse().Matches(rest))
        {
            if (word.Groups["if"].Success)
            {
                open++;
            }
            else if (open-- == 0)
            {
                return (rest[..word.Index], rest[(word.Index + word.Length)..]);
            }
        }

        return (rest, string.Empty);
    }

    private bool ForEach(string text, PhraseFlow? flow, int depth, out PhraseFlow? after)
    {
        after = flow;
        var match = Each().Match(text);
        match = match.Success ? match : EachVerb().Match(text);
        if (!match.Success)
        {
            return false;
        }

        _flow = flow;
        Begin();
        var noun = _kept.Restore(match.Groups["noun"].Value);
        var list = match.Groups["list"].Success ? _kept.Restore(match.Groups["list"].Value) : noun.EndsWith('s') || noun.Contains("{{", StringComparison.Ordinal) ? noun : noun + "s";
        if (_plan.Add("loop", $"For each {PhraseText.Noun(noun)}", new() { ["items"] = ActionPhrases.Items(_flow!, list) }, _flow, $"for each {noun}") is not { } id)
        {
            after = _flow;
            return true;
        }

        var body = match.Groups["rest"].Value;
        if (PhraseText.HasWords(body))
        {
            Sequence(body, new PhraseFlow([$"{id}.each"]), depth + 1);
        }

        after = new PhraseFlow([$"{id}.done"], "data", IsList: true);
        return true;
    }

    /// <summary>at the same time A and B.</summary>
    private bool AtOnce(string text, PhraseFlow? flow, int depth, out PhraseFlow? after)
    {
        after = flow;
        if (Parallel().Match(text) is not { Success: true } match)
        {
            return false;
        }

        _flow = flow;
        Begin();
        if (_plan.Add("parallel", "At the same time", [], _flow, match.Groups["words"].Value.Trim()) is not { } id)
        {
            after = _flow;
            return true;
        }

        var start = _flow! with { Ends = [id] };
        var rest = match.Groups["rest"].Value;
        var then = Then().Match(rest);
        var branches = Also().Split(then.Success ? rest[..then.Index] : rest).Where(PhraseText.HasWords).ToList();
        var ends = branches.SelectMany(branch => Sequence(branch, start, depth + 1)!.Ends).Where(end => end != id).ToList();
        after = _plan.Add("merge", "Bring together", new() { ["mode"] = "all", ["combine"] = "list" }, new PhraseFlow(ends.Count > 0 ? ends : [id]), string.Empty) is { } merge
            ? new PhraseFlow([merge], "data", IsList: true)
            : start;
        after = then.Success ? Sequence(rest[(then.Index + then.Length)..], after, depth + 1) : after;
        return true;
    }

    /// <summary>The first clause and the rest: cut where a connecting word or a comma stands before something to do.</summary>
    private (string Clause, string Behind) Cut(string text)
    {
        // The name of an action block is not cut apart, whatever it holds.
        var whole = BlockPhrases.At(_plan.View, text)?.End ?? 0;
        foreach (Match joint in Joints().Matches(text))
        {
            var rest = text[(joint.Index + joint.Length)..];
            if (joint.Index > 0 && joint.Index >= whole && PhraseText.HasWords(text[..joint.Index]) && (joint.Groups["sure"].Success || Begins(PhraseText.Bare(rest))) && !Together(text[..joint.Index]))
            {
                return (text[..joint.Index], rest);
            }
        }

        return (text, string.Empty);
    }

    private bool Begins(string text) => ActionPhrases.Begins(text) || BlockPhrases.At(_plan.View, text) is not null;

    /// <summary>"between A and B", "connect A and B": the and joins nouns, not clauses.</summary>
    private static bool Together(string head) => Between().IsMatch(head);

    [GeneratedRegex(@"(?<=[.!?;])\s+|[\r\n]+|;\s*")]
    private static partial Regex Sentences();

    [GeneratedRegex(@"\s*(?:,?\s*(?<sure>\b(?:and\s+)?(?:then|afterwards?|after that|finally|next|lastly)\b),?|,\s*and\b|\s+and\b|,)\s*", RegexOptions.IgnoreCase)]
    private static partial Regex Joints();

    [GeneratedRegex(@"\s*,?\s*\b(?:and\s+)?(?:then|afterwards?|after that|finally)\b,?\s*", RegexOptions.IgnoreCase)]
    private static partial Regex Then();

    [GeneratedRegex(@"\b(?:between|connect|link|disconnect)\s+[^,]*$", RegexOptions.IgnoreCase)]
    private static partial Regex Between();

    [GeneratedRegex(@"^(?:if|in case|(?<unless>unless))\s+(?<condition>.{1,300}?)\s*(?:,\s*then\b|\bthen\b|,|:)\s*(?<rest>.*)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex If();

    [GeneratedRegex(@"^(?:(?:the )?(?:answer|decision|it|that|this|person|they|he|she|somebody|approval)\s+)?(?:(?:is|was|says?|are)\s+)?(?:(?<no>no|not approved|rejected|refused|declined|denied|rejects?|refuses?|declines?|denies)|(?:yes|approved|approves?|agreed|agrees?|accepted|accepts?|ok))(?:\s+it)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Decision();

    [GeneratedRegex(@"\b(?<if>if(?!\s+not\b)|unless|in case)\b|,?\s*\b(?:or\s+)?(?:else|otherwise|if not)\b,?\s*", RegexOptions.IgnoreCase)]
    private static partial Regex IfElse();

    [GeneratedRegex(@"^for\s+(?:each|every|all)(?:\s+of)?(?:\s+the)?\s+(?<noun>[\w\uE000{}. ]{1,60}?)(?:\s+(?:in|of|from)\s+(?:the\s+)?(?<list>[\w\uE000{}. ]{1,60}?))?\s*(?:,|:|\bdo\b|\bthen\b)\s*(?<rest>.*)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Each();

    [GeneratedRegex(@"^for\s+(?:each|every|all)(?:\s+of)?(?:\s+the)?\s+(?<noun>\w+|\uE000\d+\uE000)(?:\s+(?:in|of|from)\s+(?:the\s+)?(?<list>\w+|\uE000\d+\uE000))?(?:\s+(?<rest>.*))?$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex EachVerb();

    [GeneratedRegex(@"^(?<words>(?:do\s+)?(?:at the same time|in parallel|simultaneously)(?:\s+do)?)\s*[:,]?\s*(?<rest>.+)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Parallel();

    [GeneratedRegex(@"\s*(?:,\s*and\b|\band\b|,)\s*", RegexOptions.IgnoreCase)]
    private static partial Regex Also();

    [GeneratedRegex(@"^(?:when|whenever|once|as soon as)\s+(?<rest>.{1,300}?(?:,|\bthen\b).+)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex WhenState();
}

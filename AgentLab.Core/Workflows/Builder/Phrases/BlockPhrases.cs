using System.Text.RegularExpressions;

namespace AgentLab.Core.Workflows.Builder.Phrases;

/// <summary>Finds the team's action blocks in a message, by their names.</summary>
internal static partial class BlockPhrases
{
    private static readonly HashSet<string> Articles = ["the", "a", "an", "our", "my"];
    private static readonly HashSet<string> Verbs = ["use", "run", "call", "do", "apply", "execute", "take"];

    /// <summary>The words of a block's name, as they are compared.</summary>
    public static IReadOnlyList<string> Words(string name) => [.. PhraseText.InOrder(name).Select(word => word.Stem).Where(word => !Articles.Contains(word))];

    /// <summary>The block that a text begins with, by its name or as "use … block", and where those words end; null for none.</summary>
    public static (PhraseView.Block Block, int End)? At(PhraseView view, string text)
    {
        if (view.Blocks.Count == 0)
        {
            return null;
        }

        var words = PhraseText.InOrder(text).Where(word => !Articles.Contains(word.Stem)).ToList();
        if (Named(view, words, 0, isCalledBlock: false) is { } named)
        {
            return named;
        }

        var from = words.Count > 0 && Verbs.Contains(words[0].Stem) ? 1 : 0;
        from += from < words.Count && words[from].Stem == "action" ? 1 : 0;
        var isCalledBlock = from < words.Count && words[from].Stem == "block";
        return from == 0 && !isCalledBlock ? null : Named(view, words, isCalledBlock ? from + 1 : from, isCalledBlock);
    }

    /// <summary>The block whose name of several words stands anywhere in a text.</summary>
    public static PhraseView.Block? Within(PhraseView view, string text)
    {
        if (view.Blocks.Count == 0)
        {
            return null;
        }

        var words = PhraseText.InOrder(text).Where(word => !Articles.Contains(word.Stem)).ToList();
        return Enumerable.Range(0, words.Count).SelectMany(at => view.Blocks.Where(block => block.Words.Count > 1 && Stands(block, words, at)))
            .OrderByDescending(block => block.Words.Count).FirstOrDefault();
    }

    /// <summary>The block of exactly this name.</summary>
    public static PhraseView.Block? Called(PhraseView view, string name)
    {
        var words = Words(name);
        return view.Blocks.FirstOrDefault(block => block.Words.SequenceEqual(words));
    }

    /// <summary>Adds a block; the flow behind it.</summary>
    public static PhraseFlow Add(PhrasePlan plan, PhraseView.Block block, string words, PhraseFlow flow, string? name = null, string? before = null) =>
        plan.AddBlock(block, name ?? block.Name, flow, words, before) is { } id ? Behind(plan.View, block.Kind, id, flow) : flow;

    /// <summary>Whether words ask for a block that is not there; that is in the plan then.</summary>
    public static bool IsMissing(PhrasePlan plan, string words)
    {
        if (Wanted().Match(words) is not { Success: true } match)
        {
            return false;
        }

        var names = string.Join(", ", plan.View.Blocks.Take(8).Select(block => $"“{block.Name}”").Order(StringComparer.OrdinalIgnoreCase));
        plan.CannotMap(
            words, $"There is no action block called “{match.Groups["name"].Value.Trim('"', '“', '”', ' ')}”.",
            names.Length > 0 ? $"There are {names}." : "There are none yet: set up a node and save it as a block.");
        return true;
    }

    private static (PhraseView.Block Block, int End)? Named(PhraseView view, List<(string Stem, int End)> words, int at, bool isCalledBlock)
    {
        foreach (var block in view.Blocks.Where(block => Stands(block, words, at)))
        {
            var next = at + block.Words.Count;
            var isBlock = next < words.Count && words[next].Stem == "block";
            // A name of one word may be a verb that means something else: it must be called a block, or be all that is said.
            if (block.Words.Count > 1 || isCalledBlock || isBlock || next == words.Count)
            {
                return (block, words[isBlock ? next : next - 1].End);
            }
        }

        return null;
    }

    private static bool Stands(PhraseView.Block block, List<(string Stem, int End)> words, int at)
    {
        if (at + block.Words.Count > words.Count)
        {
            return false;
        }

        for (var i = 0; i < block.Words.Count; i++)
        {
            if (words[at + i].Stem != block.Words[i])
            {
                return false;
            }
        }

        return true;
    }

    private static PhraseFlow Behind(PhraseView view, string kind, string id, PhraseFlow flow)
    {
        var outputs = view.Kinds[kind].Outputs;
        var port = outputs.Contains("approved") ? "approved" : outputs.Contains("done") ? "done" : outputs.Contains("out") || outputs.Count == 0 ? null : outputs[0];
        IReadOnlyList<string> ends = outputs.Count == 0 ? [] : [port is null ? id : $"{id}.{port}"];
        return kind switch
        {
            "http_request" or "webhook_trigger" => new PhraseFlow(ends, "data.body"),
            "agent" or "model_prompt" or "sub_workflow" => new PhraseFlow(ends, "input"),
            "wait" or "send_webhook" or "artifact" or "respond" or "parallel" or "condition" or "switch" => flow with { Ends = ends },
            "filter" or "sort" or "limit" or "deduplicate" or "loop" => new PhraseFlow(ends, IsList: true),
            "approval" => new PhraseFlow(ends, "data.data", flow.IsList),
            _ => new PhraseFlow(ends),
        };
    }

    [GeneratedRegex(@"^(?:use|run|call|do|apply|execute|take)\s+(?:(?:the|an?|our|my)\s+)?(?:(?:action\s+)?block\s+(?:(?:called|named)\s+)?(?<name>.{1,100})|(?<name>.{1,100}?)\s+(?:action\s+)?block)$", RegexOptions.IgnoreCase)]
    private static partial Regex Wanted();
}

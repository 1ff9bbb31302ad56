using System.Text.RegularExpressions;
using AgentLab.Core.Workflows.Builder.Tools;

namespace AgentLab.Core.Workflows.Builder.Phrases;

/// <summary>Reads what is to be done to nodes that are there: add, remove, rename, connect, switch off.</summary>
internal static partial class EditPhrases
{
    /// <summary>Whether the clause asks for another node.</summary>
    public static bool Adds(string clause) => AddTo().IsMatch(clause) && !clause.Contains("trigger", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the clause was such a command; what it asks for is in the plan then.</summary>
    public static bool Read(PhrasePlan plan, string clause, ref PhraseFlow? flow)
    {
        if (AddTo().Match(clause) is { Success: true } add)
        {
            return Insert(plan, add, clause, ref flow);
        }

        return Rename(plan, clause) || Connect(plan, clause) || Switch(plan, clause) || Remove(plan, clause);
    }

    private static bool Insert(PhrasePlan plan, Match match, string clause, ref PhraseFlow? flow)
    {
        var what = match.Groups["what"].Value.Trim();
        var named = match.Groups["name"].Success ? match.Groups["name"].Value.Trim().Trim('"', '“', '”') : null;
        var after = Where(plan, match.Groups["after"], clause, out var lost);
        var before = Where(plan, match.Groups["before"], clause, out var lostToo);
        if (lost || lostToo)
        {
            return true;
        }

        var next = after is null || before is not null ? null : Single(plan.View.Edges.Where(edge => edge.From == after.Id).Select(edge => edge.To));
        var ahead = after is not null ? [after.Id] : before is null ? null : (IReadOnlyList<string>)[.. plan.View.Edges.Where(edge => edge.To == before.Id).Select(edge => edge.From).Distinct()];
        var place = ahead is not null ? new PhraseFlow(ahead) : flow ?? PhrasePlanner.End(plan);
        var leadsTo = before?.Id ?? (after?.Ports.Count > 1 ? null : next);
        var added = ActionPhrases.ByName(plan, what, place, named, leadsTo);
        if (added is null)
        {
            // "add a wait of 2 hours", "add a filter where total is over 100": the rest of the words say what.
            var calls = plan.Calls.Count;
            plan.Before = leadsTo;
            added = ActionPhrases.Begins(Verbal(what)) ? ActionPhrases.Read(plan, Verbal(what), place) : null;
            plan.Before = null;
            if (added is null || plan.Calls.Count == calls)
            {
                plan.CannotMap(clause, $"I know no node called “{what}”.", "Name a node of the palette, such as HTTP request, Filter, Wait or Approval.");
            }
        }

        flow = added ?? flow;
        return true;
    }

    /// <summary>"a wait of 2 hours" as a clause: "wait 2 hours".</summary>
    private static string Verbal(string what) => OfFor().Replace(PhraseText.Noun(what), "$1 ");

    private static PhraseView.Seen? Where(PhrasePlan plan, Group words, string clause, out bool lost)
    {
        lost = false;
        if (!words.Success)
        {
            return null;
        }

        var found = plan.Find(words.Value);
        if (found is null)
        {
            lost = true;
            Missing(plan, clause, words.Value);
        }

        return found;
    }

    private static bool Rename(PhrasePlan plan, string clause)
    {
        if (RenameTo().Match(clause) is not { Success: true } match)
        {
            return false;
        }

        if (plan.Find(match.Groups["node"].Value) is { } node)
        {
            plan.Call(BuilderToolNames.SetNode, new() { ["node"] = node.Id, ["name"] = PhraseText.Title(match.Groups["name"].Value), ["phrase"] = clause });
        }
        else
        {
            Missing(plan, clause, match.Groups["node"].Value);
        }

        return true;
    }

    private static bool Connect(PhrasePlan plan, string clause)
    {
        if (ConnectTo().Match(clause) is not { Success: true } match)
        {
            return false;
        }

        var (from, to) = (plan.Find(match.Groups["from"].Value), plan.Find(match.Groups["to"].Value));
        if (from is null || to is null)
        {
            Missing(plan, clause, match.Groups[from is null ? "from" : "to"].Value);
            return true;
        }

        var tool = match.Groups["un"].Success ? BuilderToolNames.Disconnect : BuilderToolNames.Connect;
        plan.Call(tool, new() { ["from"] = from.Id, ["to"] = to.Id, ["phrase"] = clause });
        return true;
    }

    private static bool Switch(PhrasePlan plan, string clause)
    {
        if (OnOff().Match(clause) is not { Success: true } match || plan.Find(match.Groups["node"].Value) is not { } node)
        {
            return false;
        }

        plan.Call(BuilderToolNames.SetNode, new() { ["node"] = node.Id, ["disabled"] = match.Groups["off"].Success, ["phrase"] = clause });
        return true;
    }

    private static bool Remove(PhrasePlan plan, string clause)
    {
        if (RemoveNode().Match(clause) is not { Success: true } match)
        {
            return false;
        }

        var nodes = match.Groups["node"].Value;
        if (Everything().IsMatch(nodes))
        {
            foreach (var node in plan.View.Nodes)
            {
                plan.Call(BuilderToolNames.RemoveNode, new() { ["node"] = node.Id, ["reconnect"] = false, ["phrase"] = clause });
            }

            return true;
        }

        // A deletion over HTTP or of duplicates is an action, not an edit; nodes alone are meant here.
        var parts = plan.Find(nodes) is null ? AndList().Split(nodes) : [nodes];
        foreach (var part in parts)
        {
            if (plan.Find(part) is { } node)
            {
                plan.Call(BuilderToolNames.RemoveNode, new() { ["node"] = node.Id, ["phrase"] = clause });
            }
            else
            {
                Missing(plan, clause, part);
            }
        }

        return true;
    }

    private static void Missing(PhrasePlan plan, string clause, string words)
    {
        var names = string.Join(", ", plan.View.Nodes.Take(8).Select(node => $"“{node.Name}”"));
        plan.CannotMap(clause, $"I cannot tell which node “{PhraseText.Noun(words)}” is.", names.Length > 0 ? $"There are {names}. Say the whole name, or select the node." : "The canvas is empty.");
    }

    private static string? Single(IEnumerable<string> ids) => ids.Distinct().Take(2).ToList() is [var only] ? only : null;

    [GeneratedRegex(@"^(?:add|insert|append|put|place)\s+(?:in\s+)?(?:(?:a|an|the|another|one|some)\s+)?(?<what>.{1,200}?)(?:\s+(?:called|named)\s+(?<name>""[^""]+""|“[^”]+”|.{1,60}?))?(?:\s*,?\s+(?:right |directly |just )?(?:(?:after|behind|following)\s+(?<after>.{1,100}?)(?:\s+and\s+before\s+(?<before>.{1,100}))?|(?:before|in front of|ahead of)\s+(?<before>.{1,100}?)|between\s+(?<after>.{1,100}?)\s+and\s+(?<before>.{1,100}?)|(?:at|to)\s+the\s+end|here|to\s+(?:it|the workflow|the canvas)))?$", RegexOptions.IgnoreCase)]
    private static partial Regex AddTo();

    [GeneratedRegex(@"^(?:rename|call)\s+(?<node>.{1,100}?)\s+(?:to|as|into)\s+(?<name>""[^""]+""|“[^”]+”|.{1,100})$", RegexOptions.IgnoreCase)]
    private static partial Regex RenameTo();

    [GeneratedRegex(@"^(?:(?<un>disconnect|unlink|detach)|connect|link|wire|join)\s+(?<from>.{1,100}?)\s+(?:to|with|from|and)\s+(?<to>.{1,100})$", RegexOptions.IgnoreCase)]
    private static partial Regex ConnectTo();

    [GeneratedRegex(@"^(?:(?<off>disable|switch off|turn off|deactivate)|enable|switch on|turn on|activate)\s+(?<node>.{1,100})$", RegexOptions.IgnoreCase)]
    private static partial Regex OnOff();

    [GeneratedRegex(@"^(?:remove|delete|drop|take out|get rid of)\s+(?<node>(?!.*https?://)(?!(?:the\s+|all\s+)?(?:duplicate|double))[^,]{1,200})$", RegexOptions.IgnoreCase)]
    private static partial Regex RemoveNode();

    [GeneratedRegex(@"^(?:everything|all(?: (?:of it|nodes|steps|the nodes|the steps))?|the whole workflow|the workflow)$", RegexOptions.IgnoreCase)]
    private static partial Regex Everything();

    [GeneratedRegex(@"\s+and\s+", RegexOptions.IgnoreCase)]
    private static partial Regex AndList();

    [GeneratedRegex(@"^(\w+)\s+(?:of|for)\s+")]
    private static partial Regex OfFor();
}

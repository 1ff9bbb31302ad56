using AgentLab.Core.Workflows.Builder.Tools;

namespace AgentLab.Core.Workflows.Builder.Phrases;

/// <summary>Where the next node hangs, and what flows there.</summary>
/// <param name="Ends">The outputs it hangs on: "id" or "id.port".</param>
/// <param name="Fields">Where the fields of what flows are: <c>data</c>, <c>data.body</c>; <c>input</c> when what flows is a text.</param>
/// <param name="IsList">Whether a list flows.</param>
internal sealed record PhraseFlow(IReadOnlyList<string> Ends, string Fields = "data", bool IsList = false)
{
    /// <summary>What flows, as a template.</summary>
    public string Whole => Fields == "input" ? "data" : Fields;
}

/// <summary>A tool call that a phrase comes to.</summary>
internal sealed record PhraseCall(string Tool, Dictionary<string, object?> Arguments);

/// <summary>The calls that a message comes to, in order, and what became nothing.</summary>
internal sealed class PhrasePlan(PhraseView view)
{
    private const int MostCalls = 80;
    private const int LongestPhrase = 290;
    private readonly HashSet<string> _ids = [.. view.Nodes.Select(node => node.Id)];
    private readonly HashSet<string> _names = new(view.Nodes.Select(node => node.Name), StringComparer.OrdinalIgnoreCase);
    private readonly List<PhraseCall> _calls = [];

    /// <summary>The workflow.</summary>
    public PhraseView View => view;

    /// <summary>The calls, in order.</summary>
    public IReadOnlyList<PhraseCall> Calls => _calls;

    /// <summary>Names and kinds of nodes that this plan adds, for later phrases to refer to.</summary>
    public List<PhraseView.Seen> Added { get; } = [];

    /// <summary>The node that the next one leads to, where the words put it between two.</summary>
    public string? Before { get; set; }

    /// <summary>Whether there is a kind of this name to build with.</summary>
    public bool Has(string kind) => view.Kinds.ContainsKey(kind);

    /// <summary>Adds a node behind what is there.</summary>
    /// <param name="kind">The kind; when there is none of that name, that is said.</param>
    /// <param name="name">What people see.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="flow">Where it hangs.</param>
    /// <param name="phrase">The words.</param>
    /// <param name="before">The node that it leads to.</param>
    /// <returns>The node's id; null when it was not added.</returns>
    public string? Add(string kind, string name, Dictionary<string, object?> settings, PhraseFlow? flow, string phrase, string? before = null) =>
        Place(BuilderToolNames.AddNode, kind, name, new() { ["kind"] = kind, ["settings"] = settings }, flow, phrase, before);

    /// <summary>Adds a node that an action block sets up, behind what is there; its id, or null when it was not added.</summary>
    public string? AddBlock(PhraseView.Block block, string name, PhraseFlow? flow, string phrase, string? before = null) =>
        Place(BuilderToolNames.AddBlock, block.Kind, name, new() { ["block"] = block.Name }, flow, phrase, before);

    private string? Place(string tool, string kind, string name, Dictionary<string, object?> arguments, PhraseFlow? flow, string phrase, string? before)
    {
        if (!view.Kinds.TryGetValue(kind, out var known))
        {
            CannotMap(phrase, $"There is no node that does this here ({kind}).", null);
            return null;
        }

        if (_calls.Count >= MostCalls)
        {
            CannotMap(phrase, "The message asks for more than one proposal holds.", "Accept this one first, then ask for the rest.");
            return null;
        }

        var id = BuilderIds.Node(kind, _ids);
        _ids.Add(id);
        (arguments["id"], arguments["name"]) = (id, Free(name));
        if (flow is { Ends.Count: > 0 } && !known.IsTrigger)
        {
            arguments["after"] = flow.Ends;
        }

        if ((before ?? Before) is { } next)
        {
            arguments["before"] = next;
            Before = null;
        }

        arguments["phrase"] = Short(phrase);
        _calls.Add(new PhraseCall(tool, arguments));
        Added.Add(new PhraseView.Seen(id, kind, (string)arguments["name"]!, known.Outputs, 0, view.Nodes.Count + Added.Count));
        return id;
    }

    /// <summary>Makes another call.</summary>
    public void Call(string tool, Dictionary<string, object?> arguments) => _calls.Add(new PhraseCall(tool, arguments));

    /// <summary>Says that words became nothing; the same words once.</summary>
    public void CannotMap(string phrase, string reason, string? nearest)
    {
        var words = Short(phrase);
        if (words.Length == 0 || _calls.Any(call => call.Tool == BuilderToolNames.CannotMap && (string)call.Arguments["phrase"]! == words) || _calls.Count > MostCalls + 20)
        {
            return;
        }

        var arguments = new Dictionary<string, object?> { ["phrase"] = words, ["reason"] = reason };
        if (nearest is not null)
        {
            arguments["nearest"] = nearest;
        }

        _calls.Add(new PhraseCall(BuilderToolNames.CannotMap, arguments));
    }

    /// <summary>The node that words mean: by id, by its whole name, by the words of its name, by its kind.</summary>
    public PhraseView.Seen? Find(string words)
    {
        var noun = PhraseText.Noun(words.Trim().Trim('"', '“', '”'));
        if (noun.EndsWith(" node", StringComparison.OrdinalIgnoreCase) || noun.EndsWith(" step", StringComparison.OrdinalIgnoreCase))
        {
            noun = noun[..^5].TrimEnd().Trim('"', '“', '”');
        }

        var all = view.Nodes.Concat(Added).ToList();
        if (noun is "it" or "selection" or "selected" or "node" or "step" && view.Selection.Count > 0)
        {
            return all.Find(node => node.Id == view.Selection[0]);
        }

        var stems = PhraseText.Stems(noun);
        return all.Find(node => node.Id.Equals(noun, StringComparison.OrdinalIgnoreCase))
            ?? all.Find(node => node.Name.Equals(noun, StringComparison.OrdinalIgnoreCase))
            ?? (stems.Count == 0 ? null : One(all, node => stems.SetEquals(PhraseText.Stems(node.Name))) ?? One(all, node => stems.IsSubsetOf(PhraseText.Stems(node.Name)))
                ?? One(all, node => stems.IsSubsetOf(PhraseText.Stems(node.Kind)) || stems.IsSubsetOf(PhraseText.Stems(view.Kinds.GetValueOrDefault(node.Kind)?.Title ?? string.Empty))));
    }

    private static PhraseView.Seen? One(List<PhraseView.Seen> nodes, Func<PhraseView.Seen, bool> fits) => nodes.Where(fits).Take(2).ToList() is [var only] ? only : null;

    private static string Short(string phrase)
    {
        var line = string.Concat(phrase.Trim().Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= LongestPhrase ? line : line[..(char.IsHighSurrogate(line[LongestPhrase - 1]) ? LongestPhrase - 1 : LongestPhrase)] + "…";
    }

    private string Free(string name)
    {
        var title = PhraseText.Title(string.Concat(name.Select(c => char.IsControl(c) ? ' ' : c)));
        for (var i = 2; !_names.Add(title); i++)
        {
            title = $"{PhraseText.Title(name)} {i}";
        }

        return title;
    }
}

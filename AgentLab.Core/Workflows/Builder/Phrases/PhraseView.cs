using System.Text.Json;

namespace AgentLab.Core.Workflows.Builder.Phrases;

/// <summary>What the rules know of the workflow and of what there is to build with: exactly what the tools told.</summary>
internal sealed class PhraseView
{
    /// <summary>The nodes.</summary>
    public IReadOnlyList<Seen> Nodes { get; private init; } = [];

    /// <summary>Which node leads to which.</summary>
    public IReadOnlyList<(string From, string To)> Edges { get; private init; } = [];

    /// <summary>The ids that the person selected.</summary>
    public IReadOnlyList<string> Selection { get; private init; } = [];

    /// <summary>The fields of the run's input, when the workflow says so.</summary>
    public IReadOnlyList<string> InputFields { get; private init; } = [];

    /// <summary>What the workflow is called.</summary>
    public string Name { get; private init; } = string.Empty;

    /// <summary>The kinds: name, title and output ports.</summary>
    public IReadOnlyDictionary<string, Kind> Kinds { get; private init; } = new Dictionary<string, Kind>(StringComparer.Ordinal);

    /// <summary>The team's action blocks, those with the longest names first.</summary>
    public IReadOnlyList<Block> Blocks { get; private init; } = [];

    /// <summary>The agents: slug and name.</summary>
    public IReadOnlyList<(string Slug, string Name)> Agents { get; private init; } = [];

    /// <summary>The tools: name and title.</summary>
    public IReadOnlyList<(string Name, string Title)> Tools { get; private init; } = [];

    /// <summary>Reads what the tools told; each may be missing.</summary>
    /// <param name="look">The workflow.</param>
    /// <param name="kinds">The kinds and the action blocks.</param>
    /// <param name="agents">The agents.</param>
    /// <param name="tools">The tools.</param>
    /// <param name="canAddBlocks">Whether the agent has the tool that adds an action block: one that was made before there was one has not.</param>
    public static PhraseView Read(JsonElement look, JsonElement kinds, JsonElement agents, JsonElement tools, bool canAddBlocks = true) => new()
    {
        Name = Text(look, "name"),
        Nodes = [.. Items(look, "nodes").Select((node, i) => new Seen(Text(node, "id"), Text(node, "kind"), Text(node, "name"), [.. Items(node, "ports").Select(p => p.ToString())], X(node), i))],
        Edges = [.. Items(look, "edges").Select(edge => (Text(edge, "from").Split('.')[0], Text(edge, "to")))],
        Selection = [.. Items(look, "selection").Select(id => id.ToString())],
        InputFields = look.ValueKind == JsonValueKind.Object && look.TryGetProperty("input", out var input) && input.ValueKind == JsonValueKind.Object
            && input.TryGetProperty("properties", out var fields) && fields.ValueKind == JsonValueKind.Object ? [.. fields.EnumerateObject().Select(field => field.Name)] : [],
        Kinds = Items(kinds, "kinds").DistinctBy(kind => Text(kind, "kind")).ToDictionary(
            kind => Text(kind, "kind"),
            kind => new Kind(Text(kind, "kind"), Text(kind, "title"), [.. Items(kind, "outputs").Select(port => port.ToString())], kind.TryGetProperty("trigger", out _), [.. Items(kind, "keywords").Select(word => word.ToString())]),
            StringComparer.Ordinal),
        Blocks = !canAddBlocks ? [] : [.. Items(kinds, "blocks").Select(block => new Block(Text(block, "name"), Text(block, "kind"), BlockPhrases.Words(Text(block, "name"))))
            .Where(block => block.Words.Count > 0).OrderByDescending(block => block.Words.Count).ThenBy(block => block.Name, StringComparer.OrdinalIgnoreCase)],
        Agents = [.. Items(agents, "agents").Select(agent => (Text(agent, "slug"), Text(agent, "name")))],
        Tools = [.. Items(tools, "tools").Select(tool => (Text(tool, "name"), Text(tool, "title")))],
    };

    /// <summary>Whether a node starts runs.</summary>
    public bool IsTrigger(Seen node) => Kinds.TryGetValue(node.Kind, out var kind) && kind.IsTrigger;

    private static IEnumerable<JsonElement> Items(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    private static string Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;

    private static double X(JsonElement node) => node.TryGetProperty("x", out var x) && x.ValueKind == JsonValueKind.Number ? x.GetDouble() : 0;

    /// <summary>A node of the workflow.</summary>
    internal sealed record Seen(string Id, string Kind, string Name, IReadOnlyList<string> Ports, double X, int Order);

    /// <summary>An action block.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Kind">The kind of node that it makes.</param>
    /// <param name="Words">The words of its name, without articles and endings.</param>
    internal sealed record Block(string Name, string Kind, IReadOnlyList<string> Words);

    /// <summary>A kind of node.</summary>
    internal sealed record Kind(string Name, string Title, IReadOnlyList<string> Outputs, bool IsTrigger, IReadOnlyList<string> Keywords);
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Core.Workflows.Nodes.ActionBlocks;

namespace AgentLab.Core.Workflows.Builder.Tools;

/// <summary>The changes that the builder's tools make to the copy. Each is a gesture under the rules of the canvas; what is refused says how to do it right.</summary>
internal sealed class BuilderEdits(IWorkflowRules rules, INodeKinds kinds)
{
    /// <summary>The most bytes of one call's operations: they are in its result, which must stay whole.</summary>
    private const int MostBytes = 40 * 1024;

    private const int MostProblems = 8;
    private const int NameLength = 100;

    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    private readonly BuilderLayout _layout = new(kinds);

    /// <summary>Adds a node and its edges.</summary>
    public EditResult Add(BuilderCopy copy, AddNodeArguments ask)
    {
        var kind = KindOf(ask.Kind);
        var graph = copy.Graph;
        var node = new WorkflowNode
        {
            Id = ask.Id is { Length: > 0 } id ? id : BuilderIds.Node(graph, kind.Description.Kind),
            Kind = kind.Description.Kind,
            Name = ask.Name is { } name && !string.IsNullOrWhiteSpace(name) ? name.Trim() : BuilderIds.Name(graph, kind.Description.Title),
            Settings = ask.Settings is { ValueKind: JsonValueKind.Object } settings ? settings : Empty,
        };
        if (graph.Nodes.Any(other => other.Id == node.Id))
        {
            throw Refused($"There is a node \"{node.Id}\" already. Choose another id, or change that one with set_node.");
        }

        var after = (ask.After ?? []).Select(reference => End(graph, reference)).ToList();
        var before = ask.Before is { Length: > 0 } next ? Node(graph, next) : null;
        var (x, y) = _layout.Place(graph, node, after);
        var operations = new List<WorkflowOperation>();
        if (before is not null && after.Count > 0 && BuilderLayout.MakeRoom(graph, after[0].Node, before) is { Count: > 0 } moves)
        {
            operations.Add(new MoveNodes(moves));
            (x, y) = _layout.Place(Applied(graph, operations), node, after);
        }

        operations.Add(new AddNode(node with { X = x, Y = y }));
        operations.AddRange(Edges(graph, node, kind, after, before, ask.Port));
        return Done(graph, operations, node.Id, "add", $"Added {Called(kind, node)}", ask.Phrase);
    }

    /// <summary>Adds a node that an action block sets up.</summary>
    public EditResult AddBlock(BuilderCopy copy, AddBlockArguments ask, IReadOnlyList<ActionBlock> blocks)
    {
        var name = ask.Block.Trim();
        var block = blocks.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw Refused($"There is no action block \"{Short(name)}\". There are: {Listed(blocks.Select(one => one.Name))}. Use add_node for a kind.");
        return Add(copy, new AddNodeArguments
        {
            Kind = block.Kind,
            Id = ask.Id,
            Name = string.IsNullOrWhiteSpace(ask.Name) ? BuilderIds.Name(copy.Graph, block.Name) : ask.Name,
            Settings = ask.Settings is { ValueKind: JsonValueKind.Object } own ? Merged(block.Settings, own) : block.Settings,
            After = ask.After,
            Before = ask.Before,
            Port = ask.Port,
            Phrase = ask.Phrase,
        }) with { Done = $"Added the action block “{block.Name}”" };
    }

    /// <summary>Changes a node.</summary>
    public EditResult Set(BuilderCopy copy, SetNodeArguments ask)
    {
        var old = Node(copy.Graph, ask.Node);
        var node = old with
        {
            Name = ask.Name?.Trim() ?? old.Name,
            Settings = ask.Settings is { } settings ? Merged(old.Settings, settings) : old.Settings,
            Disabled = ask.Disabled ?? old.Disabled,
            OnError = ask.OnError switch { "stop" => OnNodeError.Stop, "continue" => OnNodeError.Continue, "port" => OnNodeError.Port, _ => old.OnError },
            TimeoutSeconds = ask.TimeoutSeconds ?? old.TimeoutSeconds,
            Retry = ask.Attempts is { } attempts ? (old.Retry ?? new NodeRetry()) with { Attempts = attempts } : old.Retry,
            Comment = ask.Comment ?? old.Comment,
        };
        var what = node.Name != old.Name ? $"Renamed “{old.Name}” to “{node.Name}”"
            : node.Disabled != old.Disabled ? $"Switched “{node.Name}” {(node.Disabled ? "off" : "on")}"
            : $"Changed “{node.Name}”";
        return Done(copy.Graph, [new SetNode(node)], node.Id, "change", what, ask.Phrase);
    }

    /// <summary>Connects two nodes.</summary>
    public EditResult Connect(BuilderCopy copy, ConnectArguments ask)
    {
        var (from, port) = End(copy.Graph, ask.From);
        var (to, entry) = Entry(copy.Graph, ask.To);
        var edge = new WorkflowEdge(BuilderIds.Edge(copy.Graph, 0), from.Id, port, to.Id, entry);
        return Done(copy.Graph, [new AddEdge(edge)], from.Id, "connect", $"Connected “{from.Name}” to “{to.Name}”", ask.Phrase);
    }

    /// <summary>Takes the edges between two nodes away.</summary>
    public EditResult Disconnect(BuilderCopy copy, ConnectArguments ask)
    {
        var from = Node(copy.Graph, ask.From.Split('.')[0]);
        var port = ask.From.Contains('.', StringComparison.Ordinal) ? ask.From[(ask.From.IndexOf('.', StringComparison.Ordinal) + 1)..] : null;
        var to = Node(copy.Graph, ask.To.Split('.')[0]);
        var edges = copy.Graph.Edges.Where(edge => edge.From == from.Id && edge.To == to.Id && (port is null || edge.FromPort == port)).ToList();
        return edges.Count > 0
            ? Done(copy.Graph, [.. edges.Select(edge => new RemoveEdge(edge.Id))], from.Id, "disconnect", $"Disconnected “{from.Name}” from “{to.Name}”", ask.Phrase)
            : throw Refused($"\"{from.Id}\" does not lead to \"{to.Id}\". It leads to: {Listed(copy.Graph.Edges.Where(edge => edge.From == from.Id).Select(edge => edge.To))}.");
    }

    /// <summary>Removes a node with its edges; what led to it then leads to what came after it.</summary>
    public EditResult Remove(BuilderCopy copy, RemoveNodeArguments ask)
    {
        var graph = copy.Graph;
        var node = Node(graph, ask.Node);
        var incoming = graph.Edges.Where(edge => edge.To == node.Id).ToList();
        var outgoing = graph.Edges.Where(edge => edge.From == node.Id).ToList();
        List<WorkflowOperation> operations = [.. incoming.Concat(outgoing).DistinctBy(edge => edge.Id).Select(edge => new RemoveEdge(edge.Id)), new RemoveNode(node.Id)];
        if (ask.Reconnect != false && outgoing.Select(edge => edge.FromPort).Distinct().Count() <= 1)
        {
            var between = from before in incoming
                          from after in outgoing
                          where !graph.Edges.Any(edge => edge.From == before.From && edge.FromPort == before.FromPort && edge.To == after.To)
                          select (before, after);
            operations.AddRange(between.Select((pair, i) =>
                new AddEdge(new WorkflowEdge(BuilderIds.Edge(graph, i), pair.before.From, pair.before.FromPort, pair.after.To, pair.after.ToPort))));
        }

        return Done(graph, operations, null, "remove", $"Removed “{node.Name}”", ask.Phrase) with { Kind = node.Kind };
    }

    /// <summary>Changes what belongs to the workflow as a whole.</summary>
    public EditResult SetWorkflow(BuilderCopy copy, SetWorkflowArguments ask)
    {
        var graph = copy.Graph;
        var set = new SetWorkflow(
            graph.Name, ask.Description ?? graph.Description, graph.Tags, ask.Input ?? graph.Input, ask.Output ?? graph.Output, graph.Limits);
        return Done(graph, [set], null, "change", "Changed the workflow’s settings", null);
    }

    /// <summary>Notes what became nothing.</summary>
    public static EditResult CannotMap(CannotMapArguments ask) =>
        new() { Action = "unmapped", Done = $"Noted: “{ask.Phrase}”", Phrase = ask.Phrase, Reason = ask.Reason, Nearest = ask.Nearest };

    private EditResult Done(WorkflowDefinition graph, List<WorkflowOperation> operations, string? node, string action, string done, string? phrase)
    {
        var after = Applied(graph, operations);
        var drawn = after.Nodes.FirstOrDefault(one => one.Id == node);
        var result = new EditResult
        {
            Done = done,
            Action = action,
            Node = node,
            Kind = drawn?.Kind,
            Phrase = phrase,
            Ports = drawn is not null && kinds.Find(drawn.Kind) is { } kind ? [.. kind.Outputs(drawn.Settings).Select(port => port.Name)] : null,
            Problems = node is null ? null : [.. rules.Validate(after).Where(p => p.Node == node && p.Severity == ProblemSeverity.Error).Take(MostProblems).Select(p => $"{p.Field}: {p.Message}")],
            Operations = operations,
        };
        return JsonSerializer.SerializeToUtf8Bytes(operations, WorkflowJson.Compact.IReadOnlyListWorkflowOperation).Length <= MostBytes
            ? result with { Problems = result.Problems is { Count: 0 } ? null : result.Problems }
            : throw Refused("This change is too large for one call. Make it in smaller steps, or by hand on the canvas.");
    }

    private WorkflowDefinition Applied(WorkflowDefinition graph, List<WorkflowOperation> operations)
    {
        var next = rules.Apply(graph, operations);
        return next.Ok ? next.Value : throw Refused(next.Error.Message);
    }

    private IEnumerable<WorkflowOperation> Edges(
        WorkflowDefinition graph, WorkflowNode node, INodeKind kind, List<(WorkflowNode Node, string Port)> after, WorkflowNode? before, string? port)
    {
        var number = 0;
        if (after.Count > 0 && kind.Description.Inputs.Count == 0)
        {
            throw Refused($"{kind.Description.Title} starts runs and has no input: leave after out.");
        }

        foreach (var (from, fromPort) in after)
        {
            foreach (var replaced in graph.Edges.Where(edge => edge.From == from.Id && edge.FromPort == fromPort && edge.To == before?.Id))
            {
                yield return new RemoveEdge(replaced.Id);
            }

            yield return new AddEdge(new WorkflowEdge(BuilderIds.Edge(graph, number++), from.Id, fromPort, node.Id, kind.Description.Inputs[0].Name));
        }

        if (before is not null)
        {
            var exit = port ?? (kind.Outputs(node.Settings) is [var first, ..] ? first.Name : null) ?? throw Refused($"{kind.Description.Title} has no output: leave before out.");
            yield return new AddEdge(new WorkflowEdge(BuilderIds.Edge(graph, number), node.Id, exit, before.Id, KindOf(before.Kind).Description.Inputs is [var entry, ..] ? entry.Name : "in"));
        }
    }

    private INodeKind KindOf(string name) => kinds.Find(name)
        ?? throw Refused($"There is no kind \"{Short(name)}\". Use one of: {Listed(kinds.All.Select(kind => kind.Description.Kind))}.");

    private static WorkflowNode Node(WorkflowDefinition graph, string id) => graph.Nodes.FirstOrDefault(node => node.Id == id)
        ?? throw Refused($"There is no node \"{Short(id)}\". There are: {Listed(graph.Nodes.Select(node => node.Id))}.");

    /// <summary>"id" or "id.port"; without a port the first output.</summary>
    private (WorkflowNode Node, string Port) End(WorkflowDefinition graph, string reference)
    {
        var (id, wanted) = Parts(reference);
        var node = Node(graph, id);
        List<string> ports = [.. KindOf(node.Kind).Outputs(node.Settings).Select(port => port.Name), .. node.OnError == OnNodeError.Port ? ["error"] : Array.Empty<string>()];
        return wanted is null && ports.Count > 0 ? (node, ports[0])
            : wanted is not null && ports.Contains(wanted) ? (node, wanted)
            : throw Refused(ports.Count == 0 ? $"Nothing can follow \"{id}\": it ends the run." : $"\"{id}\" has no output \"{Short(wanted!)}\". It has: {Listed(ports)}.");
    }

    private (WorkflowNode Node, string Port) Entry(WorkflowDefinition graph, string reference)
    {
        var (id, wanted) = Parts(reference);
        var node = Node(graph, id);
        var ports = KindOf(node.Kind).Description.Inputs.Select(port => port.Name).ToList();
        return ports.Count == 0 ? throw Refused($"\"{id}\" starts runs and has no input.")
            : wanted is null ? (node, ports[0])
            : ports.Contains(wanted) ? (node, wanted)
            : throw Refused($"\"{id}\" has no input \"{Short(wanted)}\". It has: {Listed(ports)}.");
    }

    private static (string Id, string? Port) Parts(string reference)
    {
        var at = reference.IndexOf('.', StringComparison.Ordinal);
        return at < 0 ? (reference, null) : (reference[..at], reference[(at + 1)..]);
    }

    private static JsonElement Merged(JsonElement old, JsonElement changes)
    {
        var merged = old.ValueKind == JsonValueKind.Object ? JsonNode.Parse(old.GetRawText())!.AsObject() : [];
        foreach (var change in changes.EnumerateObject())
        {
            if (change.Value.ValueKind == JsonValueKind.Null)
            {
                merged.Remove(change.Name);
            }
            else
            {
                merged[change.Name] = JsonNode.Parse(change.Value.GetRawText());
            }
        }

        return JsonSerializer.SerializeToElement(merged);
    }

    private static string Called(INodeKind kind, WorkflowNode node) =>
        node.Name == kind.Description.Title ? $"“{node.Name}”" : $"{kind.Description.Title} “{node.Name}”";

    private static string Listed(IEnumerable<string> names)
    {
        var all = names.Distinct(StringComparer.Ordinal).ToList();
        return all.Count == 0 ? "none" : string.Join(", ", all.Take(60)) + (all.Count > 60 ? string.Create(CultureInfo.InvariantCulture, $" and {all.Count - 60} more") : string.Empty);
    }

    private static string Short(string text) => text.Length <= NameLength ? text : text[..NameLength] + "…";

    private static ToolFailureException Refused(string sentence) => new(ToolErrorCodes.Refused, sentence);
}

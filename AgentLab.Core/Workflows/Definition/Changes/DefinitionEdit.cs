using System.Runtime.InteropServices;
using System.Text.Json;
using AgentLab.Core.Workflows.Definition.Rules;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Definition.Changes;

/// <summary>One gesture on its way into a definition: operations change lists of their own, and the whole is looked at once at the end.</summary>
internal sealed class DefinitionEdit(WorkflowDefinition before, INodeKinds kinds)
{
    private readonly Shelf<WorkflowNode> _nodes = new(before.Nodes, node => node.Id);
    private readonly Shelf<WorkflowEdge> _edges = new(before.Edges, edge => edge.Id);
    private readonly Shelf<WorkflowGroup> _groups = new(before.Groups, group => group.Id);
    private readonly Shelf<WorkflowNote> _notes = new(before.Notes, note => note.Id);
    private readonly HashSet<string> _addedEdges = new(StringComparer.Ordinal);
    private WorkflowDefinition _head = before;

    public Outcome<WorkflowDefinition> Apply(IReadOnlyList<WorkflowOperation> operations)
    {
        if (operations.Count > WorkflowBounds.Operations)
        {
            return Refuse("operations", $"A gesture has at most {WorkflowBounds.Operations:N0} operations; there are {operations.Count:N0}.");
        }

        for (var i = 0; i < operations.Count; i++)
        {
            if (Take(operations[i]) is { } fault)
            {
                return Refuse($"operations[{i}]", fault);
            }
        }

        var after = _head with { Nodes = _nodes.Items, Edges = _edges.Items, Groups = _groups.Items, Notes = _notes.Items };
        return Whole(after, _addedEdges, kinds) is var (field, message) ? Refuse(field, message) : Outcome<WorkflowDefinition>.Success(after);
    }

    /// <summary>What is wrong with a definition as a whole after edges were added; null when nothing is.</summary>
    public static (string Field, string Message)? Whole(WorkflowDefinition after, HashSet<string> addedEdges, INodeKinds kinds)
    {
        foreach (var (count, most, list) in (ReadOnlySpan<(int, int, string)>)[
            (after.Nodes.Count, WorkflowBounds.Nodes, "nodes"), (after.Edges.Count, WorkflowBounds.Edges, "edges"),
            (after.Groups.Count, WorkflowBounds.Groups, "groups"), (after.Notes.Count, WorkflowBounds.Notes, "notes")])
        {
            if (count > most)
            {
                return (list, $"A workflow has at most {most:N0} {list}; with this it would have {count:N0}.");
            }
        }

        if (Size(after) > WorkflowBounds.FileBytes)
        {
            return ("nodes", $"A workflow takes at most {WorkflowBounds.FileBytes / 1024 / 1024} MB: shorten settings or pinned outputs.");
        }

        return addedEdges.Count == 0 ? null : Edges(WorkflowGraph.Of(after, kinds), addedEdges);
    }

    private static (string Field, string Message)? Edges(WorkflowGraph graph, HashSet<string> added)
    {
        var ends = new HashSet<(string, string, string, string)>();
        for (var edge = 0; edge < graph.Definition.Edges.Count; edge++)
        {
            var drawn = graph.Edge(edge);
            var first = ends.Add((drawn.From, drawn.FromPort, drawn.To, drawn.ToPort));
            if (!added.Contains(drawn.Id))
            {
                continue;
            }

            if (graph.Source(edge) >= 0 && EdgeRules.Fault(graph, edge) is var (_, message))
            {
                return ($"edges.{drawn.Id}", message);
            }

            if (!first)
            {
                return ($"edges.{drawn.Id}", $"\"{drawn.From}\" and \"{drawn.To}\" are connected in this way already.");
            }
        }

        return graph.Cycle.Count > 0 ? ("edges", FlowRules.CycleMessage(graph)) : null;
    }

    private string? Take(WorkflowOperation? operation) => operation switch
    {
        AddNode add => Add(add),
        SetNode set => Set(set.Node),
        MoveNodes move => Move(move.Moves),
        RemoveNode remove => Remove(remove.Id),
        AddEdge add => Add(add),
        RemoveEdge remove => _edges.Remove(remove.Id) ? Forget(remove.Id) : Missing("edge", remove.Id),
        SetGroup set => Set(set),
        RemoveGroup remove => _groups.Remove(remove.Id) ? null : Missing("group", remove.Id),
        SetNote set => Set(set),
        RemoveNote remove => _notes.Remove(remove.Id) ? null : Missing("note", remove.Id),
        SetWorkflow set => Set(set),
        _ => "An operation is missing or not known.",
    };

    private string? Add(AddNode add)
    {
        if (Fault(add.Node) is { } fault)
        {
            return fault;
        }

        if (_nodes.IndexOf(add.Node.Id) >= 0)
        {
            return $"There is a node \"{add.Node.Id}\" already: choose another id.";
        }

        if (kinds.Find(add.Node.Kind) is null)
        {
            return $"There is no node kind \"{WorkflowNames.Short(add.Node.Kind)}\" here.";
        }

        _nodes.Insert(add.Node, add.At);
        return null;
    }

    private string? Set(WorkflowNode node)
    {
        if (Fault(node) is { } fault)
        {
            return fault;
        }

        if (_nodes.Find(node.Id) is not { } old)
        {
            return Missing("node", node.Id);
        }

        if (old.Kind != node.Kind)
        {
            return $"The kind of \"{old.Name}\" stays what it is: remove the node and add another.";
        }

        _nodes.Replace(node);
        return null;
    }

    private string? Move(IReadOnlyList<NodeMove>? moves)
    {
        if (moves is null || moves.Count > WorkflowBounds.Nodes)
        {
            return "Say which nodes go where, each once.";
        }

        var places = _nodes.Items.Select((node, at) => (node.Id, at)).ToDictionary(one => one.Id, one => one.at, StringComparer.Ordinal);
        foreach (var move in moves)
        {
            if (move?.Id is null || !places.TryGetValue(move.Id, out var at))
            {
                return Missing("node", move?.Id);
            }

            if (!IsPlace(move.X, move.Y))
            {
                return $"\"{move.Id}\" would lie too far out.";
            }

            _nodes.ReplaceAt(at, _nodes.Items[at] with { X = move.X, Y = move.Y });
        }

        return null;
    }

    private string? Remove(string? id)
    {
        if (_edges.Items.FirstOrDefault(edge => edge.From == id || edge.To == id) is { } edge)
        {
            return $"\"{WorkflowNames.Short(id)}\" has edges still: remove \"{edge.Id}\" first.";
        }

        return _nodes.Remove(id) ? null : Missing("node", id);
    }

    private string? Add(AddEdge add)
    {
        if (add.Edge is not { From: not null, FromPort: not null, To: not null, ToPort: not null } edge || !WorkflowNames.IsId(edge.Id))
        {
            return "An edge has an id of letters, digits and _, and two ends with their ports.";
        }

        if (_edges.IndexOf(edge.Id) >= 0)
        {
            return $"There is an edge \"{edge.Id}\" already: choose another id.";
        }

        foreach (var end in (ReadOnlySpan<string>)[edge.From, edge.To])
        {
            if (_nodes.IndexOf(end) < 0)
            {
                return Missing("node", end);
            }
        }

        _addedEdges.Add(edge.Id);
        _edges.Insert(edge, add.At);
        return null;
    }

    private string? Forget(string edge)
    {
        _addedEdges.Remove(edge);
        return null;
    }

    private string? Set(SetGroup set)
    {
        if (set.Group is not { } group || !WorkflowNames.IsId(group.Id) || !WorkflowNames.IsName(group.Name, WorkflowBounds.NameLength)
            || !IsBox(group.X, group.Y, group.Width, group.Height, group.Color))
        {
            return "A group has an id, a name, a place, a size and a color of the palette.";
        }

        if (!_groups.Replace(group))
        {
            _groups.Insert(group, set.At);
        }

        return null;
    }

    private string? Set(SetNote set)
    {
        if (set.Note is not { } note || !WorkflowNames.IsId(note.Id) || !WorkflowNames.IsText(note.Text, WorkflowBounds.NoteLength)
            || !IsBox(note.X, note.Y, note.Width, note.Height, note.Color))
        {
            return $"A note has an id, a text of at most {WorkflowBounds.NoteLength:N0} characters, a place, a size and a color of the palette.";
        }

        if (!_notes.Replace(note))
        {
            _notes.Insert(note, set.At);
        }

        return null;
    }

    private string? Set(SetWorkflow set)
    {
        if (!WorkflowNames.IsName(set.Name, WorkflowBounds.NameLength))
        {
            return $"A workflow's name has 1 to {WorkflowBounds.NameLength} characters on one line.";
        }

        if (!WorkflowNames.IsText(set.Description, WorkflowBounds.DescriptionLength) || set.Limits is null
            || set.Tags is not { Count: <= WorkflowBounds.Tags } tags || tags.Any(tag => !WorkflowNames.IsName(tag, WorkflowBounds.TagLength)))
        {
            return $"A workflow has a description, limits and at most {WorkflowBounds.Tags} tags of 1 to {WorkflowBounds.TagLength} characters.";
        }

        if ((Json(set.Input) ?? Json(set.Output)) is { } fault)
        {
            return fault;
        }

        _head = _head with { Name = set.Name, Description = set.Description, Tags = set.Tags, Input = set.Input, Output = set.Output, Limits = set.Limits };
        return null;
    }

    private static string? Fault(WorkflowNode? node) => node switch
    {
        null => "A node is missing.",
        _ when !WorkflowNames.IsId(node.Id) => $"\"{WorkflowNames.Short(node.Id)}\" cannot be an id: use a letter, then letters, digits and _, at most {WorkflowBounds.IdLength}.",
        _ when !WorkflowNames.IsName(node.Name, WorkflowBounds.NameLength) => $"A node's name has 1 to {WorkflowBounds.NameLength} characters on one line.",
        _ when node.Kind is null => "A node has a kind.",
        _ when node.Comment is not null && !WorkflowNames.IsText(node.Comment, WorkflowBounds.CommentLength) => $"A comment has at most {WorkflowBounds.CommentLength:N0} characters.",
        _ when !IsPlace(node.X, node.Y) => $"\"{node.Id}\" would lie too far out.",
        _ when !Enum.IsDefined(node.OnError) => "\"On error\" is stop, continue or port.",
        _ when node.Settings.ValueKind != JsonValueKind.Object => "Settings are an object.",
        _ => Json(node.Settings) ?? Json(node.Pinned),
    };

    private static string? Json(JsonElement? value) =>
        value is { } json && JsonBounds.Look(json) is { } fault ? $"{(fault.Field.Length > 0 ? fault.Field + ": " : string.Empty)}{fault.Message}" : null;

    private static bool IsPlace(double x, double y) => Math.Abs(x) <= WorkflowBounds.Coordinate && Math.Abs(y) <= WorkflowBounds.Coordinate;

    private static bool IsBox(double x, double y, double width, double height, string? color) =>
        IsPlace(x, y) && width is > 0 and <= WorkflowBounds.Coordinate && height is > 0 and <= WorkflowBounds.Coordinate && color is not null && WorkflowBounds.Colors.Contains(color);

    private static long Size(WorkflowDefinition definition) =>
        definition.Nodes.Sum(node => Bytes(node.Settings) + (node.Pinned is { } pinned ? Bytes(pinned) : 0L) + 200) + (definition.Edges.Count * 100L);

    private static long Bytes(JsonElement element) => element.ValueKind == JsonValueKind.Undefined ? 0 : JsonMarshal.GetRawUtf8Value(element).Length;

    private static string Missing(string what, string? id) => $"There is no {what} \"{WorkflowNames.Short(id)}\" any more.";

    private static Outcome<WorkflowDefinition> Refuse(string field, string message) => Outcome<WorkflowDefinition>.Failure(LabError.Invalid(field, message));
}

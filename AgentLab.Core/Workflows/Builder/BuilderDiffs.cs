using System.Globalization;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Builder;

/// <summary>Proposals as people choose from them: one change for each thing, what each needs, and the operations of a choice.</summary>
internal sealed class BuilderDiffs(IWorkflowRules rules, INodeKinds kinds)
{
    private const string Places = "places";

    /// <summary>The proposal that leads from one definition to the other.</summary>
    public BuilderDiff Between(WorkflowDefinition from, WorkflowDefinition to)
    {
        var operations = rules.Difference(from, to);
        var drafts = new Dictionary<string, Draft>(StringComparer.Ordinal);
        for (var i = 0; i < operations.Count; i++)
        {
            var (id, what, items) = About(operations[i]);
            if (!drafts.TryGetValue(id, out var draft))
            {
                drafts[id] = draft = new Draft(id, what, items);
            }

            draft.Operations.Add(i);
        }

        foreach (var draft in drafts.Values)
        {
            draft.Change = ChangeOf(draft, operations);
            draft.Line = LineOf(draft, from, to);
            draft.Needs.AddRange(draft.Operations.SelectMany(i => Needs(operations[i], from, to)).Where(need => need != draft.Id && drafts.ContainsKey(need)).Distinct(StringComparer.Ordinal));
        }

        // As one reads a plan: what comes, what changes, what goes; nodes before the edges between them.
        var changes = drafts.Values
            .OrderBy(draft => draft.Change switch { "added" => 0, "changed" => 1, _ => 2 })
            .ThenBy(draft => draft.What switch { "node" => 0, "edge" => 1, _ => 2 })
            .Select(draft => new BuilderChange(draft.Id, draft.Change, draft.What, draft.Line, draft.Operations, draft.Needs, draft.Items))
            .ToList();
        return new BuilderDiff(operations, changes);
    }

    /// <summary>The operations of some changes with what they need. Where the draft has moved on, changes of the same nodes are taken along until they apply.</summary>
    public Outcome<BuilderSelection> Select(WorkflowDefinition draft, BuilderDiff diff, IReadOnlyCollection<string> chosen)
    {
        var byId = diff.Changes.ToDictionary(change => change.Id, StringComparer.Ordinal);
        var taken = new HashSet<string>(chosen.Where(byId.ContainsKey), StringComparer.Ordinal);
        while (taken.Count > 0)
        {
            Close(taken, byId);
            var places = diff.Changes.Where(change => taken.Contains(change.Id)).SelectMany(change => change.Operations).ToHashSet();
            List<WorkflowOperation> operations = [.. diff.Operations.Where((_, i) => places.Contains(i))];
            var applied = rules.Apply(draft, operations);
            if (applied.Ok)
            {
                return Outcome<BuilderSelection>.Success(new BuilderSelection([.. diff.Changes.Select(change => change.Id).Where(taken.Contains)], operations, applied.Value));
            }

            if (!Grow(taken, diff))
            {
                return Outcome<BuilderSelection>.Failure(LabError.Invalid("changes", $"The draft has changed since: {applied.Error.Message} Ask again."));
            }
        }

        return Outcome<BuilderSelection>.Failure(LabError.Invalid("changes", "Choose at least one change."));
    }

    private static void Close(HashSet<string> taken, Dictionary<string, BuilderChange> byId)
    {
        var open = new Queue<string>(taken);
        while (open.TryDequeue(out var id))
        {
            foreach (var need in byId[id].Needs.Where(taken.Add))
            {
                open.Enqueue(need);
            }
        }
    }

    /// <summary>Takes along what concerns the same nodes; false when there is nothing more.</summary>
    private static bool Grow(HashSet<string> taken, BuilderDiff diff)
    {
        var touched = diff.Changes.Where(change => taken.Contains(change.Id)).SelectMany(change => Ends(change, diff)).ToHashSet(StringComparer.Ordinal);
        var near = diff.Changes.Where(change => !taken.Contains(change.Id) && Ends(change, diff).Any(touched.Contains)).ToList();
        if (near.Count == 0)
        {
            near = [.. diff.Changes.Where(change => !taken.Contains(change.Id))];
        }

        taken.UnionWith(near.Select(change => change.Id));
        return near.Count > 0;
    }

    private static IEnumerable<string> Ends(BuilderChange change, BuilderDiff diff) =>
        change.Items.Concat(change.Operations.Select(i => diff.Operations[i]).OfType<AddEdge>().SelectMany(add => new[] { add.Edge.From, add.Edge.To }));

    private static (string Id, string What, IReadOnlyList<string> Items) About(WorkflowOperation operation) => operation switch
    {
        AddNode add => ($"node:{add.Node.Id}", "node", [add.Node.Id]),
        SetNode set => ($"node:{set.Node.Id}", "node", [set.Node.Id]),
        RemoveNode remove => ($"node:{remove.Id}", "node", [remove.Id]),
        AddEdge add => ($"edge:{add.Edge.Id}", "edge", [add.Edge.Id]),
        RemoveEdge remove => ($"edge:{remove.Id}", "edge", [remove.Id]),
        MoveNodes move => (Places, Places, [.. move.Moves.Select(one => one.Id)]),
        SetGroup set => ($"group:{set.Group.Id}", "group", [set.Group.Id]),
        RemoveGroup remove => ($"group:{remove.Id}", "group", [remove.Id]),
        SetNote set => ($"note:{set.Note.Id}", "note", [set.Note.Id]),
        RemoveNote remove => ($"note:{remove.Id}", "note", [remove.Id]),
        _ => ("workflow", "workflow", []),
    };

    private static string ChangeOf(Draft draft, IReadOnlyList<WorkflowOperation> operations)
    {
        var added = draft.Operations.Exists(i => operations[i] is AddNode or AddEdge);
        var removed = draft.Operations.Exists(i => operations[i] is RemoveNode or RemoveEdge or RemoveGroup or RemoveNote);
        return added && !removed ? "added" : removed && !added ? "removed" : "changed";
    }

    private string LineOf(Draft draft, WorkflowDefinition from, WorkflowDefinition to)
    {
        var name = draft.Items.Count > 0 ? draft.Items[0] : string.Empty;
        var old = from.Nodes.FirstOrDefault(node => node.Id == name);
        var now = to.Nodes.FirstOrDefault(node => node.Id == name);
        return (draft.What, draft.Change) switch
        {
            ("node", "added") => Called(now!),
            ("node", "removed") => Called(old!),
            ("node", _) => old!.Name != now!.Name ? $"Rename “{old.Name}” to “{now.Name}”"
                : old.Disabled != now.Disabled ? $"Switch “{now.Name}” {(now.Disabled ? "off" : "on")}"
                : $"Change the settings of “{now.Name}”",
            ("edge", "removed") => Edge(from, name),
            ("edge", _) => Edge(to, name),
            (Places, _) => draft.Items.Count == 1 ? "Move one node to make room" : string.Create(CultureInfo.InvariantCulture, $"Move {draft.Items.Count} nodes to make room"),
            ("workflow", _) => "Change the workflow’s description, input or output",
            _ => $"The {draft.What} {name}",
        };
    }

    private string Called(WorkflowNode node)
    {
        var title = kinds.Find(node.Kind)?.Description.Title ?? node.Kind;
        return title == node.Name ? node.Name : $"{node.Name} ({title})";
    }

    private string Edge(WorkflowDefinition graph, string id)
    {
        var edge = graph.Edges.First(one => one.Id == id);
        var from = graph.Nodes.FirstOrDefault(node => node.Id == edge.From);
        var to = graph.Nodes.FirstOrDefault(node => node.Id == edge.To);
        var ports = from is null ? null : kinds.Find(from.Kind)?.Outputs(from.Settings);
        var port = ports is { Count: > 1 } || edge.FromPort == "error" ? $" ({edge.FromPort})" : string.Empty;
        return $"{from?.Name ?? edge.From}{port} → {to?.Name ?? edge.To}";
    }

    /// <summary>The changes without which an operation cannot be.</summary>
    private IEnumerable<string> Needs(WorkflowOperation operation, WorkflowDefinition from, WorkflowDefinition to)
    {
        switch (operation)
        {
            case AddEdge { Edge: var edge }:
                if (from.Nodes.All(node => node.Id != edge.To))
                {
                    yield return $"node:{edge.To}";
                }

                if (from.Nodes.FirstOrDefault(node => node.Id == edge.From) is not { } source || !HasPort(source, edge.FromPort))
                {
                    yield return $"node:{edge.From}";
                }

                foreach (var same in from.Edges.Where(old => (old.From, old.FromPort, old.To, old.ToPort) == (edge.From, edge.FromPort, edge.To, edge.ToPort)))
                {
                    yield return $"edge:{same.Id}";
                }

                break;
            case RemoveNode { Id: var id }:
                foreach (var edge in from.Edges.Where(edge => edge.From == id || edge.To == id))
                {
                    yield return $"edge:{edge.Id}";
                }

                break;
            case SetNode { Node: var node }:
                foreach (var lost in from.Edges.Where(edge => edge.From == node.Id && !HasPort(node, edge.FromPort) && to.Edges.All(kept => kept.Id != edge.Id)))
                {
                    yield return $"edge:{lost.Id}";
                }

                break;
        }
    }

    private bool HasPort(WorkflowNode node, string port) =>
        (port == "error" && node.OnError == OnNodeError.Port) || kinds.Find(node.Kind)?.Outputs(node.Settings).Any(one => one.Name == port) == true;

    private sealed class Draft(string id, string what, IReadOnlyList<string> items)
    {
        public string Id => id;

        public string What => what;

        public IReadOnlyList<string> Items => items;

        public List<int> Operations { get; } = [];

        public List<string> Needs { get; } = [];

        public string Change { get; set; } = string.Empty;

        public string Line { get; set; } = string.Empty;
    }
}

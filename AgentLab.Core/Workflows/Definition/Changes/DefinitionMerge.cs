using AgentLab.Core.Workflows.Definition.Rules;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Definition.Changes;

/// <summary>
/// Three definitions become one: what only one side changed since the basis is taken from that side; what both changed to different things is a conflict. A node's fields
/// are taken one by one, and so are its settings.
/// </summary>
internal sealed class DefinitionMerge(INodeKinds kinds, WorkflowDefinition basis, WorkflowDefinition theirs, WorkflowDefinition mine)
{
    private const int MostConflicts = 20;

    private readonly List<LabError> _conflicts = [];

    public Outcome<WorkflowDefinition> Merge()
    {
        var nodes = List("nodes", definition => definition.Nodes, node => node.Id, node => node.Name, Same.Node, Same.Content, FieldMerge.Node);
        var edges = List("edges", definition => definition.Edges, edge => edge.Id, Name, Equals, Equals, FieldMerge.Edge);
        var groups = List("groups", definition => definition.Groups, group => group.Id, group => group.Name, Equals, Equals, FieldMerge.Group);
        var notes = List("notes", definition => definition.Notes, note => note.Id, _ => "the note", Equals, Equals, FieldMerge.Note);
        var (head, fields) = FieldMerge.Head(basis, theirs, mine);
        foreach (var field in fields)
        {
            Conflict(field, $"Someone else changed the workflow's {field} since: yours would overwrite it. Take theirs, or make your change again.");
        }

        var merged = head with { Nodes = nodes, Edges = edges, Groups = groups, Notes = notes };
        if (_conflicts.Count == 0)
        {
            CheckEnds(merged);
        }

        if (_conflicts.Count == 0 && DefinitionEdit.Whole(merged, AddedEdges(), kinds) is var (field2, message))
        {
            Conflict(field2, $"Together with what someone else changed it does not fit: {message}");
        }

        return _conflicts.Count > 0 ? Outcome<WorkflowDefinition>.Failure(_conflicts) : Outcome<WorkflowDefinition>.Success(merged);
    }

    private delegate T Fields<T>(T basis, T theirs, T mine, List<string> conflicts);

    private List<T> List<T>(
        string list, Func<WorkflowDefinition, IReadOnlyList<T>> of, Func<T, string> id, Func<T, string> name, Func<T, T, bool> same, Func<T, T, bool> sameContent, Fields<T> fields)
        where T : class
    {
        var (before, current, own) = (ById(of(basis), id), ById(of(theirs), id), ById(of(mine), id));
        var merged = new List<T>(current.Count);
        foreach (var (key, now) in current)
        {
            var (was, wanted) = (before.GetValueOrDefault(key), own.GetValueOrDefault(key));
            if (wanted is not null)
            {
                merged.Add(same(now, wanted) ? now : Both(list, key, name, was, now, wanted, fields));
            }
            else if (was is null)
            {
                merged.Add(now);
            }
            else if (!sameContent(was, now))
            {
                Conflict($"{list}/{key}", $"Someone else changed \"{WorkflowNames.Short(name(now))}\", which you delete: look at their change first.");
            }
        }

        AddOwn(merged, of(mine), id, own => Belongs(list, id(own), name, before.GetValueOrDefault(id(own)), current.ContainsKey(id(own)), own, sameContent));
        return merged;
    }

    private T Both<T>(string list, string key, Func<T, string> name, T? was, T now, T wanted, Fields<T> fields) where T : class
    {
        if (was is null)
        {
            Conflict($"{list}/{key}", $"Someone else added \"{key}\" too, and another one: choose another id.");
            return now;
        }

        var conflicts = new List<string>();
        var merged = fields(was, now, wanted, conflicts);
        foreach (var field in conflicts)
        {
            Conflict(
                $"{list}/{key}/{field}",
                $"Someone else changed {field} of \"{WorkflowNames.Short(name(now))}\" since: yours would overwrite it. Take theirs, or make your change again.");
        }

        return merged;
    }

    /// <summary>Whether something of mine that is not in theirs goes in: it is new; or they deleted it, which is a conflict if I changed it.</summary>
    private bool Belongs<T>(string list, string key, Func<T, string> name, T? was, bool isThere, T own, Func<T, T, bool> sameContent) where T : class
    {
        if (isThere || was is null)
        {
            return !isThere;
        }

        if (!sameContent(was, own))
        {
            Conflict($"{list}/{key}", $"Someone else deleted \"{WorkflowNames.Short(name(own))}\" since: your change to it would be lost.");
        }

        return false;
    }

    private static void AddOwn<T>(List<T> merged, IReadOnlyList<T> own, Func<T, string> id, Func<T, bool> belongs)
    {
        var there = merged.Select(id).ToHashSet(StringComparer.Ordinal);
        string? before = null;
        var atEnd = false;
        for (var i = 0; i < own.Count; i++)
        {
            if (belongs(own[i]))
            {
                // What stood at the end of my list goes to the end; what stood in between goes behind its neighbour.
                atEnd = atEnd || own.Skip(i).All(later => !there.Contains(id(later)));
                var place = atEnd ? merged.Count : merged.FindIndex(other => id(other) == before) + 1;
                merged.Insert(place, own[i]);
                there.Add(id(own[i]));
            }

            if (there.Contains(id(own[i])))
            {
                before = id(own[i]);
            }
        }
    }

    private void CheckEnds(WorkflowDefinition merged)
    {
        var nodes = merged.Nodes.Select(node => node.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var edge in merged.Edges)
        {
            foreach (var end in (ReadOnlySpan<string>)[edge.From, edge.To])
            {
                if (!nodes.Contains(end) && basis.Nodes.Any(node => node.Id == end))
                {
                    Conflict($"nodes/{end}", $"\"{end}\" is connected by one of you and deleted by the other: look at both changes first.");
                }
            }
        }
    }

    private HashSet<string> AddedEdges()
    {
        var before = basis.Edges.Select(edge => edge.Id).ToHashSet(StringComparer.Ordinal);
        return theirs.Edges.Concat(mine.Edges).Select(edge => edge.Id).Where(id => !before.Contains(id)).ToHashSet(StringComparer.Ordinal);
    }

    private static string Name(WorkflowEdge edge) => $"{edge.From} → {edge.To}";

    /// <summary>By id, in the order of the list.</summary>
    private static Dictionary<string, T> ById<T>(IReadOnlyList<T> items, Func<T, string> id)
    {
        var byId = new Dictionary<string, T>(items.Count, StringComparer.Ordinal);
        foreach (var item in items)
        {
            byId.TryAdd(id(item), item);
        }

        return byId;
    }

    private void Conflict(string field, string message)
    {
        if (_conflicts.Count < MostConflicts)
        {
            _conflicts.Add(new LabError("edit_conflict", message, CanRetry: false, Field: field));
        }
    }
}

namespace AgentLab.Core.Workflows.Definition.Changes;

/// <summary>
/// The operations that lead from one definition to another. What keeps its order stays; what changed its place in a list, its kind or its ends is taken out and put in at
/// its new place, so that the result is written with the same bytes.
/// </summary>
internal static class DefinitionDifference
{
    public static IReadOnlyList<WorkflowOperation> Between(WorkflowDefinition from, WorkflowDefinition to)
    {
        var nodes = Plan<WorkflowNode>.Of(from.Nodes, to.Nodes, node => node.Id, (old, now) => old.Kind == now.Kind);
        var edges = Plan<WorkflowEdge>.Of(
            from.Edges, to.Edges, edge => edge.Id, (old, now) => old == now && !nodes.Leaves(old.From) && !nodes.Leaves(old.To));
        var groups = Plan<WorkflowGroup>.Of(from.Groups, to.Groups, group => group.Id, (_, _) => true);
        var notes = Plan<WorkflowNote>.Of(from.Notes, to.Notes, note => note.Id, (_, _) => true);

        return
        [
            .. edges.Leaving.Select(edge => new RemoveEdge(edge.Id)),
            .. nodes.Leaving.Select(node => new RemoveNode(node.Id)),
            .. groups.Leaving.Select(group => new RemoveGroup(group.Id)),
            .. notes.Leaving.Select(note => new RemoveNote(note.Id)),
            .. nodes.Coming.Select(one => new AddNode(one.Item, one.At)),
            .. nodes.Staying.Where(pair => !Same.Content(pair.Old, pair.Now)).Select(pair => new SetNode(pair.Now)),
            .. Moves(nodes.Staying.Where(pair => Same.Content(pair.Old, pair.Now) && !Same.Place(pair.Old, pair.Now))),
            .. edges.Coming.Select(one => new AddEdge(one.Item, one.At)),
            .. groups.Staying.Where(pair => pair.Old != pair.Now).Select(pair => new SetGroup(pair.Now)),
            .. groups.Coming.Select(one => new SetGroup(one.Item, one.At)),
            .. notes.Staying.Where(pair => pair.Old != pair.Now).Select(pair => new SetNote(pair.Now)),
            .. notes.Coming.Select(one => new SetNote(one.Item, one.At)),
            .. Same.Head(from, to) ? [] : new WorkflowOperation[] { new SetWorkflow(to.Name, to.Description, to.Tags, to.Input, to.Output, to.Limits) },
        ];
    }

    private static MoveNodes[] Moves(IEnumerable<(WorkflowNode Old, WorkflowNode Now)> moved)
    {
        NodeMove[] moves = [.. moved.Select(pair => new NodeMove(pair.Now.Id, pair.Now.X, pair.Now.Y))];
        return moves.Length == 0 ? [] : [new MoveNodes(moves)];
    }

    /// <summary>What happens to one list.</summary>
    private sealed class Plan<T> where T : class
    {
        private readonly HashSet<string> _leaving = new(StringComparer.Ordinal);

        public List<T> Leaving { get; } = [];

        public List<(T Old, T Now)> Staying { get; } = [];

        public List<(T Item, int? At)> Coming { get; } = [];

        public bool Leaves(string id) => _leaving.Contains(id);

        public static Plan<T> Of(IReadOnlyList<T> from, IReadOnlyList<T> to, Func<T, string> id, Func<T, T, bool> mayStay)
        {
            var plan = new Plan<T>();
            var old = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < from.Count; i++)
            {
                old.TryAdd(id(from[i]), i);
            }

            // For each item of the new list its place in the old one, or -1 when it cannot stay.
            var places = to.Select(now => old.TryGetValue(id(now), out var place) && mayStay(from[place], now) ? place : -1).ToArray();
            var stays = LongestRise(places);
            var kept = new HashSet<int>();
            var count = stays.Count(one => one);
            for (var i = 0; i < to.Count; i++)
            {
                if (stays[i])
                {
                    kept.Add(places[i]);
                    plan.Staying.Add((from[places[i]], to[i]));
                }
                else
                {
                    plan.Coming.Add((to[i], i == count ? null : i));
                    count++;
                }
            }

            for (var i = 0; i < from.Count; i++)
            {
                if (!kept.Contains(i))
                {
                    plan.Leaving.Add(from[i]);
                    plan._leaving.Add(id(from[i]));
                }
            }

            return plan;
        }

        /// <summary>Which entries make the longest rising row: the most that can stay where they are.</summary>
        private static bool[] LongestRise(int[] places)
        {
            var ends = new List<int>();
            var before = new int[places.Length];
            for (var i = 0; i < places.Length; i++)
            {
                if (places[i] < 0)
                {
                    continue;
                }

                var (low, high) = (0, ends.Count);
                while (low < high)
                {
                    var middle = (low + high) / 2;
                    (low, high) = places[ends[middle]] < places[i] ? (middle + 1, high) : (low, middle);
                }

                before[i] = low == 0 ? -1 : ends[low - 1];
                if (low == ends.Count)
                {
                    ends.Add(i);
                }
                else
                {
                    ends[low] = i;
                }
            }

            var chosen = new bool[places.Length];
            for (var at = ends.Count == 0 ? -1 : ends[^1]; at >= 0; at = before[at])
            {
                chosen[at] = true;
            }

            return chosen;
        }
    }
}

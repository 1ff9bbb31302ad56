using System.Numerics;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Definition;

/// <summary>
/// A definition as numbers: nodes and edges by their places in its lists, neighbours, flow order, and the loop that each node is in. Built once for a version, then only
/// read; safe to share. Takes any definition: of nodes with the same id the first counts, edges to unknown nodes are left out, and a cycle is named.
/// </summary>
public sealed class WorkflowGraph
{
    /// <summary>The output port of a loop that its body hangs on.</summary>
    public const string EachPort = "each";

    private readonly Dictionary<string, int> _byId;
    private readonly INodeKind?[] _kinds;
    private readonly int[] _sources;
    private readonly int[] _targets;
    private readonly Neighbours _incoming;
    private readonly Neighbours _outgoing;
    private readonly int[] _flowOrder;
    private readonly int[] _ranks;
    private readonly int[] _loops;
    private readonly int[][] _bodies;
    private readonly Lazy<ulong[]> _upstream;

    private WorkflowGraph(WorkflowDefinition definition, INodeKinds kinds)
    {
        Definition = definition;
        var (nodes, edges) = (definition.Nodes, definition.Edges);
        _byId = new Dictionary<string, int>(nodes.Count, StringComparer.Ordinal);
        _kinds = new INodeKind?[nodes.Count];
        for (var node = 0; node < nodes.Count; node++)
        {
            _byId.TryAdd(nodes[node].Id, node);
            _kinds[node] = kinds.Find(nodes[node].Kind);
        }

        _sources = new int[edges.Count];
        _targets = new int[edges.Count];
        for (var edge = 0; edge < edges.Count; edge++)
        {
            var known = _byId.TryGetValue(edges[edge].From, out var source) & _byId.TryGetValue(edges[edge].To, out var target);
            (_sources[edge], _targets[edge]) = known ? (source, target) : (-1, -1);
        }

        _incoming = new Neighbours(nodes.Count, _targets);
        _outgoing = new Neighbours(nodes.Count, _sources);
        (_flowOrder, var sorted) = Sort();
        Cycle = sorted == nodes.Count ? [] : FindCycle(sorted);
        _ranks = new int[nodes.Count];
        for (var rank = 0; rank < _flowOrder.Length; rank++)
        {
            _ranks[_flowOrder[rank]] = rank;
        }

        _loops = PlaceInLoops(sorted);
        _bodies = Bodies();
        _upstream = new Lazy<ulong[]>(Upstream);
    }

    /// <summary>Looks at a definition.</summary>
    public static WorkflowGraph Of(WorkflowDefinition definition, INodeKinds kinds) => new(definition, kinds);

    /// <summary>The definition.</summary>
    public WorkflowDefinition Definition { get; }

    /// <summary>How many nodes there are.</summary>
    public int Count => _kinds.Length;

    /// <summary>
    /// Every node once, none before those that lead to it; of nodes that could be next, the first in the definition's list. In a graph with cycles, what is on or behind one
    /// comes last.
    /// </summary>
    public ReadOnlySpan<int> FlowOrder => _flowOrder;

    /// <summary>The ids along one cycle, the first again at the end; empty when there is none.</summary>
    public IReadOnlyList<string> Cycle { get; }

    /// <summary>The node of this id, or -1.</summary>
    public int IndexOf(string id) => _byId.GetValueOrDefault(id, -1);

    /// <summary>The node at this place.</summary>
    public WorkflowNode Node(int node) => Definition.Nodes[node];

    /// <summary>The edge at this place.</summary>
    public WorkflowEdge Edge(int edge) => Definition.Edges[edge];

    /// <summary>The node's kind; null when it is unknown.</summary>
    public INodeKind? Kind(int node) => _kinds[node];

    /// <summary>What the engine does with the node; null when its kind is unknown.</summary>
    public NodeRole? Role(int node) => _kinds[node]?.Description.Role;

    /// <summary>The edges that enter the node, in the order of the definition.</summary>
    public ReadOnlySpan<int> Incoming(int node) => _incoming.Of(node);

    /// <summary>The edges that leave the node, in the order of the definition.</summary>
    public ReadOnlySpan<int> Outgoing(int node) => _outgoing.Of(node);

    /// <summary>The node that the edge leaves; -1 when one of its ends is unknown.</summary>
    public int Source(int edge) => _sources[edge];

    /// <summary>The node that the edge enters; -1 when one of its ends is unknown.</summary>
    public int Target(int edge) => _targets[edge];

    /// <summary>The node's place in <see cref="FlowOrder"/>.</summary>
    public int Rank(int node) => _ranks[node];

    /// <summary>The innermost loop in whose body the node is, or -1. A loop itself is in the body of the loop around it.</summary>
    public int Loop(int node) => _loops[node];

    /// <summary>
    /// The nodes of the loop's body in flow order; those of a loop inside belong to that one and are not among them. The last is the one whose value is the iteration's result.
    /// </summary>
    public ReadOnlySpan<int> Body(int loop) => _bodies[loop];

    /// <summary>Whether the edge begins the body of a loop.</summary>
    public bool EntersBody(int edge) =>
        _sources[edge] is >= 0 and var source && Role(source) == NodeRole.Loop && Definition.Edges[edge].FromPort == EachPort;

    /// <summary>The loop in whose body a node is that this edge enters, or -1: the body that the edge begins, else that of its source.</summary>
    public int LoopBehind(int edge) => EntersBody(edge) ? _sources[edge] : _sources[edge] < 0 ? -1 : _loops[_sources[edge]];

    /// <summary>Whether a way leads from one node to the other, so that its output is there when the other runs. A node is not upstream of itself.</summary>
    public bool IsUpstream(int node, int of) => (_upstream.Value[(of * Words) + (node >> 6)] >> (node & 63) & 1) != 0;

    private int Words => (Count + 63) >> 6;

    private (int[] Order, int Sorted) Sort()
    {
        var (order, sorted) = (new int[Count], 0);
        var waiting = new int[Count];
        var ready = new PriorityQueue<int, int>();
        for (var node = 0; node < Count; node++)
        {
            waiting[node] = Incoming(node).Length;
            if (waiting[node] == 0)
            {
                ready.Enqueue(node, node);
            }
        }

        while (ready.TryDequeue(out var node, out _))
        {
            order[sorted++] = node;
            foreach (var edge in Outgoing(node))
            {
                if (--waiting[_targets[edge]] == 0)
                {
                    ready.Enqueue(_targets[edge], _targets[edge]);
                }
            }
        }

        var next = sorted;
        for (var node = 0; next < Count && node < Count; node++)
        {
            if (waiting[node] > 0)
            {
                order[next++] = node;
            }
        }

        return (order, sorted);
    }

    private string[] FindCycle(int sorted)
    {
        // Every node that could not be sorted has a predecessor that could not be either: going backwards must come round.
        var left = new bool[Count];
        foreach (var node in _flowOrder.AsSpan(sorted))
        {
            left[node] = true;
        }

        var (path, placed) = (new List<int>(), new int[Count]);
        var at = _flowOrder[sorted];
        while (placed[at] == 0)
        {
            path.Add(at);
            placed[at] = path.Count;
            at = LeftPredecessor(at, left);
        }

        var round = path[(placed[at] - 1)..];
        round.Reverse();
        return [.. round.Prepend(at).Select(node => Node(node).Id)];
    }

    private int LeftPredecessor(int node, bool[] left)
    {
        foreach (var edge in Incoming(node))
        {
            if (left[_sources[edge]])
            {
                return _sources[edge];
            }
        }

        throw new InvalidOperationException("A node that waits for others has one that it waits for.");
    }

    private int[] PlaceInLoops(int sorted)
    {
        var loops = new int[Count];
        Array.Fill(loops, -1);

        // What is on or behind a cycle stays outside: so loops are never inside one another in a circle.
        foreach (var node in _flowOrder.AsSpan(0, sorted))
        {
            if (Incoming(node) is [var first, ..])
            {
                loops[node] = EntersBody(first) ? _sources[first] : loops[_sources[first]];
            }
        }

        return loops;
    }

    private int[][] Bodies()
    {
        var bodies = new List<int>?[Count];
        foreach (var node in _flowOrder)
        {
            if (_loops[node] >= 0)
            {
                (bodies[_loops[node]] ??= []).Add(node);
            }
        }

        return Array.ConvertAll(bodies, body => body is null ? [] : body.ToArray());
    }

    private ulong[] Upstream()
    {
        var bits = new ulong[Count * Words];
        foreach (var node in _flowOrder)
        {
            var mine = bits.AsSpan(node * Words, Words);
            foreach (var edge in Incoming(node))
            {
                Add(mine, bits.AsSpan(_sources[edge] * Words, Words));
                mine[_sources[edge] >> 6] |= 1UL << (_sources[edge] & 63);
            }
        }

        return bits;
    }

    private static void Add(Span<ulong> to, ReadOnlySpan<ulong> from)
    {
        var word = 0;
        for (; word <= to.Length - Vector<ulong>.Count; word += Vector<ulong>.Count)
        {
            (new Vector<ulong>(to[word..]) | new Vector<ulong>(from[word..])).CopyTo(to[word..]);
        }

        for (; word < to.Length; word++)
        {
            to[word] |= from[word];
        }
    }

    /// <summary>Edges by node, in one array.</summary>
    private sealed class Neighbours
    {
        private readonly int[] _starts;
        private readonly int[] _edges;

        public Neighbours(int nodes, int[] ends)
        {
            _starts = new int[nodes + 1];
            foreach (var end in ends)
            {
                if (end >= 0)
                {
                    _starts[end + 1]++;
                }
            }

            for (var node = 0; node < nodes; node++)
            {
                _starts[node + 1] += _starts[node];
            }

            var next = _starts[..^1];
            _edges = new int[_starts[nodes]];
            for (var edge = 0; edge < ends.Length; edge++)
            {
                if (ends[edge] >= 0)
                {
                    _edges[next[ends[edge]]++] = edge;
                }
            }
        }

        public ReadOnlySpan<int> Of(int node) => _edges.AsSpan(_starts[node].._starts[node + 1]);
    }
}

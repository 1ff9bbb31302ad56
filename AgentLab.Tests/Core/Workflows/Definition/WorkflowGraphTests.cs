using AgentLab.Core.Workflows.Definition;
using AgentLab.Tests.Fakes;
using FsCheck;
using FsCheck.Fluent;

namespace AgentLab.Tests.Core.Workflows.Definition;

public sealed class WorkflowGraphTests
{
    [Fact]
    public void FlowOrder_OfBranches_PutsNoNodeBeforeWhatLeadsToIt()
    {
        Order(Draw.Workflow("d c b a:start", "a>b a>c b>d c>d")).ShouldBe(["a", "c", "b", "d"]);
    }

    [Fact]
    public void Cycle_OfAGraphWithOne_NamesTheWayRound()
    {
        var graph = Graph(Draw.Workflow("s:start a b c x", "s>a a>b b>c c>a c>x"));

        graph.Cycle.Count.ShouldBe(4);
        graph.Cycle[0].ShouldBe(graph.Cycle[^1]);
        graph.Cycle.Zip(graph.Cycle.Skip(1)).ShouldAllBe(step => graph.Definition.Edges.Any(edge => edge.From == step.First && edge.To == step.Second));
        graph.FlowOrder.Length.ShouldBe(5);
    }

    [Fact]
    public void Cycle_OfANodeThatLeadsToItself_NamesIt() => Graph(Draw.Workflow("a", "a>a")).Cycle.ShouldBe(["a", "a"]);

    [Fact]
    public void Body_OfNestedLoops_HoldsTheNodesOfEachLoopAlone()
    {
        var graph = Graph(Draw.Workflow(
            "s:start outer:loop a inner:loop b c after", "s>outer outer.each>a a>inner inner.each>b inner.done>c outer.done>after"));

        Ids(graph, graph.Body(graph.IndexOf("outer"))).ShouldBe(["a", "inner", "c"]);
        Ids(graph, graph.Body(graph.IndexOf("inner"))).ShouldBe(["b"]);
        graph.Loop(graph.IndexOf("b")).ShouldBe(graph.IndexOf("inner"));
        graph.Loop(graph.IndexOf("inner")).ShouldBe(graph.IndexOf("outer"));
        graph.Loop(graph.IndexOf("after")).ShouldBe(-1);
        graph.Loop(graph.IndexOf("outer")).ShouldBe(-1);
    }

    [Fact]
    public void Loop_OfLoopsInACircle_IsNone()
    {
        var graph = Graph(Draw.Workflow("a:loop b:loop", "a.each>b b.each>a"));

        graph.Cycle.ShouldNotBeEmpty();
        graph.Loop(0).ShouldBe(-1);
        graph.Loop(1).ShouldBe(-1);
    }

    [Fact]
    public void Graph_WithUnknownEndsAndSameIds_LeavesThemOut()
    {
        var graph = Graph(Draw.Workflow("a:start a b:nothing", "a>b a>gone gone>b"));

        graph.Incoming(2).ToArray().ShouldBe([0]);
        graph.Outgoing(0).ToArray().ShouldBe([0]);
        graph.Source(1).ShouldBe(-1);
        graph.Target(2).ShouldBe(-1);
        graph.IndexOf("a").ShouldBe(0);
        graph.IndexOf("gone").ShouldBe(-1);
        graph.Role(2).ShouldBeNull();
    }

    [Fact]
    public void IsUpstream_OfRandomGraphs_AgreesWithWalking()
    {
        Prop.ForAll(
            Gen.Choose(0, 99).ArrayOf(150).ToArbitrary(),
            ends =>
            {
                // Edges go from smaller to larger places, so that there is no cycle.
                var edges = ends.Zip(ends.Skip(1)).Where(pair => pair.First < pair.Second).Select((pair, i) => new WorkflowEdge($"e{i}", $"n{pair.First}", "out", $"n{pair.Second}", "in"));
                var graph = Graph(Draw.Workflow(string.Join(' ', Enumerable.Range(0, 100).Select(i => $"n{i}"))) with { Edges = [.. edges] });
                for (var of = 0; of < graph.Count; of += 7)
                {
                    var walked = Before(graph, of);
                    for (var node = 0; node < graph.Count; node++)
                    {
                        graph.IsUpstream(node, of).ShouldBe(walked.Contains(node));
                    }
                }
            }).QuickCheckThrowOnFailure();
    }

    private static HashSet<int> Before(WorkflowGraph graph, int node)
    {
        var (seen, next) = (new HashSet<int>(), new Stack<int>([node]));
        while (next.TryPop(out var at))
        {
            foreach (var edge in graph.Incoming(at))
            {
                if (seen.Add(graph.Source(edge)))
                {
                    next.Push(graph.Source(edge));
                }
            }
        }

        return seen;
    }

    private static WorkflowGraph Graph(WorkflowDefinition definition) => WorkflowGraph.Of(definition, TestKinds.Usual);

    private static string[] Order(WorkflowDefinition definition)
    {
        var graph = Graph(definition);
        return Ids(graph, graph.FlowOrder);
    }

    private static string[] Ids(WorkflowGraph graph, ReadOnlySpan<int> nodes) => Array.ConvertAll(nodes.ToArray(), node => graph.Node(node).Id);
}

using System.Diagnostics;
using System.Text.Json;
using AgentLab.Bench.Measure;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Bench.Workflows;

/// <summary>A workflow of 1,000 nodes is looked at: for the first time, and again after one node has changed, beside reading its JSON.</summary>
internal static class ValidateBench
{
    private const int Nodes = 1_000;

    public static Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken) =>
        Task.FromResult(new BenchResult("validate", options.Rounds, options.Seconds, Measure(options.Rounds, cancellationToken))
        {
            Notes = ["Triggers, conditions, values and templates of the built-in kinds, each referring to a node before it. The first look compiles every template; the second finds 999 nodes as they were."],
        }.Publish(options));

    /// <summary>The figures alone, for a benchmark that has them among others.</summary>
    public static IReadOnlyList<Figure> Measure(int rounds, CancellationToken cancellationToken)
    {
        using var services = new ServiceCollection().AddAgentLabNodes().AddWorkflowDefinitions().BuildServiceProvider();
        var rules = services.GetRequiredService<IWorkflowRules>();
        var json = JsonSerializer.SerializeToUtf8Bytes(Workflow(), WorkflowJson.Compact.WorkflowDefinition);
        var (first, again, read) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i <= rounds; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            GC.Collect();
            var clock = Stopwatch.StartNew();
            var definition = JsonSerializer.Deserialize(json, WorkflowJson.Compact.WorkflowDefinition)!;
            var reading = clock.Elapsed.TotalMilliseconds;
            clock.Restart();
            var problems = rules.Validate(definition);
            var looking = clock.Elapsed.TotalMilliseconds;
            var changed = definition with { Nodes = [.. definition.Nodes.Take(500), definition.Nodes[500] with { Comment = "changed" }, .. definition.Nodes.Skip(501)] };
            clock.Restart();
            rules.Validate(changed);
            var lookingAgain = clock.Elapsed.TotalMilliseconds;
            if (problems.Count > 0)
            {
                throw new InvalidOperationException($"The workflow is not right: {problems[0].Node}: {problems[0].Message}");
            }

            if (i > 0)
            {
                // The first compiles what the others use.
                (first, again, read) = ([.. first, looking], [.. again, lookingAgain], [.. read, reading]);
            }
        }

        return
        [
            Figure.Beside($"a workflow of {Nodes:#,0} nodes is validated", "ms", first, "reading its JSON", read) with { Limit = 50, AtMost = true },
            Figure.Beside("again after one node has changed", "ms", again, "reading its JSON", read) with { Limit = 50, AtMost = true },
        ];
    }

    private static WorkflowDefinition Workflow()
    {
        var nodes = new List<WorkflowNode> { Node("n0", "manual_trigger", "{}") };
        var edges = new List<WorkflowEdge>();
        for (var i = 1; i < Nodes; i++)
        {
            var before = nodes[^1];
            nodes.Add((i % 3) switch
            {
                0 => Node($"n{i}", "condition", $$$"""{"condition":{"left":"{{nodes.n{{{i - 1}}}.total}}","operator":"greater","right":100}}"""),
                1 => Node($"n{i}", "set_values", $$$"""{"values":[{"name":"total","value":"{{add nodes.n{{{i - 1}}}.total 1}}"},{"name":"who","value":"Dear {{input.name}}"}],"keep":true}"""),
                _ => Node($"n{i}", "transform", $$$"""{"output":"text","text":"Order {{nodes.n{{{i - 1}}}.id}} of {{default input.name \"somebody\"}}"}"""),
            });
            edges.Add(new WorkflowEdge($"e{i}", before.Id, before.Kind == "condition" ? "true" : "out", $"n{i}", "in"));
        }

        return new WorkflowDefinition { Name = "Large", Nodes = nodes, Edges = edges };
    }

    private static WorkflowNode Node(string id, string kind, string settings) => new() { Id = id, Kind = kind, Name = id, Settings = JsonElement.Parse(settings) };
}

using System.Text.Json;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Builder;
using AgentLab.Core.Workflows.Builder.Phrases;
using AgentLab.Core.Workflows.Builder.Tools;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Core.Workflows.Nodes.ActionBlocks;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Core.Workflows.Builder;

/// <summary>Messages on real rules and real kinds, without a session: what the rehearsal model's plan comes to.</summary>
internal sealed class BuilderBench
{
    private static readonly JsonElement Agents = JsonElement.Parse("""{"agents": [{"slug": "analyst", "name": "Analyst"}, {"slug": "guide", "name": "Guide"}]}""");
    private static readonly JsonElement Tools = JsonElement.Parse("""{"tools": [{"name": "calculator", "title": "Calculator"}, {"name": "table_query", "title": "Table query"}]}""");

    private static readonly IReadOnlyList<ActionBlock> Blocks =
    [
        Block("Ask the carrier", "http_request", """{"method": "GET", "url": "https://carrier.example/parcels/{{input.parcel}}"}"""),
        Block("Mail the customer", "send_webhook", """{"url": "https://mail.example/send", "event": "mail.customer"}"""),
        Block("Pack and ship", "http_request", """{"method": "POST", "url": "https://depot.example/parcels"}"""),
        Block("Wait", "wait", """{"for": "time", "amount": 3, "unit": "days"}"""),
        Block("Judge tone", "model_prompt", """{"prompt": "Is this friendly? {{data}}"}"""),
        Block("Shop calls", "webhook_trigger", """{"slug": "shop-calls"}"""),
    ];

    private readonly BuilderEdits _edits;
    private readonly BuilderViews _views;

    public BuilderBench()
    {
        var services = new ServiceCollection().AddLogging().AddAgentLabNodes().AddWorkflowDefinitions().BuildServiceProvider();
        (Rules, Kinds) = (services.GetRequiredService<IWorkflowRules>(), services.GetRequiredService<INodeKinds>());
        (_edits, _views, Diffs) = (new BuilderEdits(Rules, Kinds), new BuilderViews(Rules, Kinds), new BuilderDiffs(Rules, Kinds));
    }

    public static BuilderBench Shared { get; } = new();

    public static WorkflowDefinition Empty { get; } = new() { Name = "Orders" };

    public IWorkflowRules Rules { get; }

    public INodeKinds Kinds { get; }

    public BuilderDiffs Diffs { get; }

    /// <summary>What a message comes to for a team without action blocks.</summary>
    public Result Ask(string message, WorkflowDefinition? draft = null, params string[] selection) => Ask(message, [], draft, selection);

    /// <summary>What a message comes to for a team with action blocks.</summary>
    public Result AskWithBlocks(string message, WorkflowDefinition? draft = null) => Ask(message, Blocks, draft, []);

    private static ActionBlock Block(string name, string kind, string settings) => new(Guid.NewGuid(), name, name, kind, JsonElement.Parse(settings), []);

    private Result Ask(string message, IReadOnlyList<ActionBlock> blocks, WorkflowDefinition? draft, string[] selection)
    {
        var copy = new BuilderCopy(Guid.Empty, 1, selection, draft ?? Empty, draft ?? Empty);
        var plan = PhrasePlanner.Plan(message, PhraseView.Read(_views.Look(copy, new LookArguments()), _views.Kinds(blocks), Agents, Tools));
        var (unmapped, refused) = (new List<string>(), new List<string>());
        foreach (var call in plan.Calls)
        {
            try
            {
                var result = Do(copy, call, blocks);
                copy = copy with { Graph = result.Operations.Count > 0 ? Rules.Apply(copy.Graph, result.Operations).Value! : copy.Graph };
                if (result.Action == "unmapped")
                {
                    unmapped.Add(result.Phrase!);
                }
            }
            catch (ToolFailureException failure)
            {
                refused.Add(failure.Message);
            }
        }

        return new Result(copy.Shown, copy.Graph, unmapped, refused, plan);
    }

    private EditResult Do(BuilderCopy copy, PhraseCall call, IReadOnlyList<ActionBlock> blocks)
    {
        var json = JsonSerializer.SerializeToElement(call.Arguments);
        T Read<T>() => json.Deserialize<T>(JsonSerializerOptions.Web)!;
        return call.Tool switch
        {
            BuilderToolNames.AddNode => _edits.Add(copy, Read<AddNodeArguments>()),
            BuilderToolNames.AddBlock => _edits.AddBlock(copy, Read<AddBlockArguments>(), blocks),
            BuilderToolNames.SetNode => _edits.Set(copy, Read<SetNodeArguments>()),
            BuilderToolNames.Connect => _edits.Connect(copy, Read<ConnectArguments>()),
            BuilderToolNames.Disconnect => _edits.Disconnect(copy, Read<ConnectArguments>()),
            BuilderToolNames.RemoveNode => _edits.Remove(copy, Read<RemoveNodeArguments>()),
            BuilderToolNames.CannotMap => BuilderEdits.CannotMap(Read<CannotMapArguments>()),
            _ => throw new InvalidOperationException(call.Tool),
        };
    }

    /// <summary>What came of a message.</summary>
    public sealed record Result(WorkflowDefinition Before, WorkflowDefinition Graph, IReadOnlyList<string> Unmapped, IReadOnlyList<string> Refused, PhrasePlan Plan)
    {
        /// <summary>The graph in a line: nodes that nothing leads to or from, and the edges.</summary>
        public string Drawn
        {
            get
            {
                var edges = Graph.Edges.Select(edge => $"{edge.From}{(edge.FromPort == "out" ? "" : "." + edge.FromPort)}>{edge.To}");
                var alone = Graph.Nodes.Where(node => Graph.Edges.All(edge => edge.From != node.Id && edge.To != node.Id)).Select(node => node.Id);
                return string.Join(" ", alone.Concat(edges));
            }
        }

        public JsonElement Settings(string id) => Graph.Nodes.Single(node => node.Id == id).Settings;

        public string NameOf(string id) => Graph.Nodes.Single(node => node.Id == id).Name;
    }
}

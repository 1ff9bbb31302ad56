using System.Text.Json;
using AgentLab.Core.Agents;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Nodes.ActionBlocks;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Core.Workflows.Builder.Tools;

/// <summary>
/// The tools of the builder agent. They work on a copy of the draft that the session's own log makes; nothing but the log is written, so that a call may be repeated.
/// </summary>
/// <param name="log">Makes the copy.</param>
/// <param name="edits">Changes it.</param>
/// <param name="views">Shows it.</param>
/// <param name="services">The list of tools and the agents, which need the tools themselves to be made.</param>
internal sealed class BuilderTools(BuilderLog log, BuilderEdits edits, BuilderViews views, IServiceProvider services)
{
    private const string NoWorkflow = "No workflow was shown in this session: this tool works in the builder beside a workflow's canvas only.";
    private const int MostAgents = 100;

    /// <summary>All of them.</summary>
    public IReadOnlyList<Tool> Create() =>
    [
        Read<LookArguments>(BuilderToolNames.Look, "Look at the workflow", "The workflow as it is now, with what you did to it: nodes, edges, settings, what the person selected. Call it first.", BuilderSchemas.Look, views.Look),
        Plain<NoArguments>(BuilderToolNames.ListKinds, "List node kinds", "All kinds of nodes with a line about each, their outputs and required settings; and the team's action blocks: nodes that are set up already.", BuilderSchemas.None, async (_, context, cancellationToken) => views.Kinds(await BlocksAsync(context, cancellationToken))),
        Plain<KindArguments>(BuilderToolNames.DescribeKind, "Describe a node kind", "A kind's settings (JSON Schema), its help and an example that works. Call it before you use a kind.", BuilderSchemas.Kind, (ask, _, _) => Task.FromResult(views.Kind(ask))),
        Plain<NoArguments>(BuilderToolNames.ListTools, "List tools", "The tools that tool nodes and agents can call.", BuilderSchemas.None, (_, _, _) => Task.FromResult(ListTools())),
        Plain<NoArguments>(BuilderToolNames.ListAgents, "List agents", "The agents that agent nodes can ask, by slug.", BuilderSchemas.None, (_, context, cancellationToken) => ListAgentsAsync(context, cancellationToken)),
        Edit<AddNodeArguments>(BuilderToolNames.AddNode, "Add a node", "Adds a node, connects it and finds a place for it on the canvas.", BuilderSchemas.AddNode, edits.Add),
        Make<AddBlockArguments>(BuilderToolNames.AddBlock, "Add an action block", "Adds a node that an action block of the team sets up, connects it and finds a place for it on the canvas.", BuilderSchemas.AddBlock, AddBlockAsync),
        Edit<SetNodeArguments>(BuilderToolNames.SetNode, "Change a node", "Changes a node's name, some of its settings, or how it treats errors.", BuilderSchemas.SetNode, edits.Set),
        Edit<ConnectArguments>(BuilderToolNames.Connect, "Connect nodes", "Draws an edge from an output to a node.", BuilderSchemas.Connect, edits.Connect),
        Edit<ConnectArguments>(BuilderToolNames.Disconnect, "Disconnect nodes", "Removes the edge from one node to another.", BuilderSchemas.Connect, edits.Disconnect),
        Edit<RemoveNodeArguments>(BuilderToolNames.RemoveNode, "Remove a node", "Removes a node with its edges.", BuilderSchemas.RemoveNode, edits.Remove),
        Edit<SetWorkflowArguments>(BuilderToolNames.SetWorkflow, "Change the workflow", "Sets the workflow's description, the schema of its input, or what it answers.", BuilderSchemas.SetWorkflow, edits.SetWorkflow),
        Edit<CannotMapArguments>(BuilderToolNames.CannotMap, "Say what is left out", "Tells the person which part of the message became nothing, why, and what comes nearest. Call it once for each such part.", BuilderSchemas.CannotMap, (_, ask) => BuilderEdits.CannotMap(ask)),
        Read<NoArguments>(BuilderToolNames.Check, "Check the workflow", "What is not right about the workflow as it is now. Call it when you have finished, and mend what it finds.", BuilderSchemas.None, (copy, _) => views.Check(copy)),
    ];

    private Tool Edit<T>(string name, string title, string description, string schema, Func<BuilderCopy, T, EditResult> edit) =>
        Make<T>(name, title, description, schema, async (ask, context, cancellationToken) =>
        {
            var result = edit(await CopyAsync(context, cancellationToken), ask);
            return ToolOutcome.Succeeded(result.ToElement(), result.Done);
        });

    private Tool Read<T>(string name, string title, string description, string schema, Func<BuilderCopy, T, JsonElement> look) =>
        Make<T>(name, title, description, schema, async (ask, context, cancellationToken) => ToolOutcome.Succeeded(look(await CopyAsync(context, cancellationToken), ask)));

    private static Tool Plain<T>(string name, string title, string description, string schema, Func<T, ToolContext, CancellationToken, Task<JsonElement>> look) =>
        Make<T>(name, title, description, schema, async (ask, context, cancellationToken) => ToolOutcome.Succeeded(await look(ask, context, cancellationToken)));

    private static Tool Make<T>(string name, string title, string description, string schema, Func<T, ToolContext, CancellationToken, Task<ToolOutcome>> call) =>
        new(new ToolFunction<T>(name, description, schema, call), title, ToolEffect.Read) { OneByOne = true, OnlyFor = AgentType.Builder };

    private async Task<BuilderCopy> CopyAsync(ToolContext context, CancellationToken cancellationToken)
    {
        return RunId.TryParse(context.RunId, null, out var run) && await log.CopyAsync(SessionId.Parse(context.SessionId), run, context.StepId, cancellationToken) is { } copy
            ? copy
            : throw new ToolFailureException(ToolErrorCodes.Refused, NoWorkflow);
    }

    private async Task<ToolOutcome> AddBlockAsync(AddBlockArguments ask, ToolContext context, CancellationToken cancellationToken)
    {
        var result = edits.AddBlock(await CopyAsync(context, cancellationToken), ask, await BlocksAsync(context, cancellationToken));
        return ToolOutcome.Succeeded(result.ToElement(), result.Done);
    }

    /// <summary>The blocks that the person may use.</summary>
    private async Task<IReadOnlyList<ActionBlock>> BlocksAsync(ToolContext context, CancellationToken cancellationToken) =>
        services.GetService<IActionBlocks>() is { } blocks ? await blocks.ListAsync(PersonOf(context), cancellationToken) : [];

    private static Actor PersonOf(ToolContext context) => new(Guid.Parse(context.UserId), ActorRole.Editor);

    private JsonElement ListTools() => ToolJson.ToElement(new
    {
        tools = services.GetRequiredService<IToolRegistry>().All.Where(tool => tool.OnlyFor is null)
            .Select(tool => new { name = tool.Name, title = tool.Title, description = tool.Description }),
    });

    private async Task<JsonElement> ListAgentsAsync(ToolContext context, CancellationToken cancellationToken)
    {
        var agents = await services.GetRequiredService<IAgentStore>().ListAsync(new AgentQuery { Status = AgentStatus.Active, Limit = MostAgents }, PersonOf(context), cancellationToken);
        return ToolJson.ToElement(new
        {
            agents = agents.Items.Where(agent => agent.Definition.Type != AgentType.Builder)
                .Select(agent => new { slug = agent.Slug, name = agent.Name, description = agent.Definition.Description }),
        });
    }
}

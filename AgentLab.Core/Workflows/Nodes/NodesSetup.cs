using System.Diagnostics.CodeAnalysis;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Nodes.ActionBlocks;
using AgentLab.Core.Workflows.Nodes.Agents;
using AgentLab.Core.Workflows.Nodes.Data;
using AgentLab.Core.Workflows.Nodes.Flow;
using AgentLab.Core.Workflows.Nodes.Outside;
using AgentLab.Core.Workflows.Nodes.People;
using AgentLab.Core.Workflows.Nodes.Results;
using AgentLab.Core.Workflows.Nodes.Triggers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentLab.Core.Workflows.Nodes;

/// <summary>Adds the kinds of nodes and what they compute with.</summary>
public static class NodesSetup
{
    /// <summary>Adds one kind. It is found by its description's name from then on: palette, forms, files, engine.</summary>
    public static IServiceCollection AddNodeKind<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TKind>(this IServiceCollection services)
        where TKind : class, INodeKind
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<INodeKind, TKind>());
        return services;
    }

    /// <summary>
    /// Adds <see cref="INodeKinds"/>, <see cref="ISettingsCompiler"/> and every built-in kind. To run, kinds also need the models, the tools, the egress policy and the agent's turn; to be
    /// described they need nothing.
    /// </summary>
    public static IServiceCollection AddAgentLabNodes(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ISettingsCompiler, SettingsCompiler>();
        services.TryAddSingleton<INodeKinds, NodeKinds>();
        services.TryAddSingleton<ActionBlockRules>();
        services.TryAddSingleton(typeof(Late<>));
        AddTriggers(services);
        AddAgents(services);
        AddData(services);
        AddFlow(services);
        AddOutside(services);
        AddResults(services);
        return services;
    }

    private static void AddTriggers(IServiceCollection services) => services
        .AddNodeKind<ManualTrigger>()
        .AddNodeKind<ChatTrigger>()
        .AddNodeKind<WebhookTrigger>()
        .AddNodeKind<WorkflowEventTrigger>();

    private static void AddAgents(IServiceCollection services) => services
        .AddNodeKind<AgentNode>()
        .AddNodeKind<ModelPrompt>()
        .AddNodeKind<ToolCallNode>();

    private static void AddData(IServiceCollection services) => services
        .AddNodeKind<SetValues>()
        .AddNodeKind<Transform>()
        .AddNodeKind<Filter>()
        .AddNodeKind<Sort>()
        .AddNodeKind<Limit>()
        .AddNodeKind<Aggregate>()
        .AddNodeKind<JsonPathNode>()
        .AddNodeKind<Split>()
        .AddNodeKind<Deduplicate>();

    private static void AddFlow(IServiceCollection services) => services
        .AddNodeKind<ConditionNode>()
        .AddNodeKind<Switch>()
        .AddNodeKind<Merge>()
        .AddNodeKind<ParallelNode>()
        .AddNodeKind<Loop>()
        .AddNodeKind<While>()
        .AddNodeKind<SubWorkflow>()
        .AddNodeKind<Wait>()
        .AddNodeKind<Approval>()
        .AddNodeKind<Form>()
        .AddNodeKind<Stop>();

    private static void AddOutside(IServiceCollection services) => services
        .AddNodeKind<HttpRequestNode>()
        .AddNodeKind<SendWebhook>();

    private static void AddResults(IServiceCollection services) => services
        .AddNodeKind<Respond>()
        .AddNodeKind<Artifact>()
        .AddNodeKind<Report>();
}

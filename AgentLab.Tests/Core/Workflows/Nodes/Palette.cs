using AgentLab.Core.Workflows.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Core.Workflows.Nodes;

/// <summary>The built-in kinds, and the names that files and versions refer to for ever.</summary>
internal static class Palette
{
    public static readonly string[] Golden =
    [
        "aggregate", "artifact", "chat_trigger", "condition", "deduplicate", "filter", "json_path", "limit", "loop", "manual_trigger", "merge", "parallel", "report", "respond", "set_values", "sort",
        "split", "stop", "sub_workflow", "switch", "transform", "webhook_trigger", "while", "workflow_event_trigger",
    ];

    public static INodeKinds Create() => new ServiceCollection().AddAgentLabNodes().BuildServiceProvider().GetRequiredService<INodeKinds>();
}

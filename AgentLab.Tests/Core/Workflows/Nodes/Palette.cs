using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Core.Workflows.Nodes;

/// <summary>The built-in kinds, and the names that files and versions refer to for ever.</summary>
internal static class Palette
{
    public static readonly string[] Golden =
    [
        "agent", "aggregate", "approval", "artifact", "chat_trigger", "condition", "deduplicate", "filter", "form", "http_request", "json_path", "limit", "loop", "manual_trigger", "merge",
        "model_prompt", "parallel", "report", "respond", "send_webhook", "set_values", "sort", "split", "stop", "sub_workflow", "switch", "tool_call", "transform", "wait", "webhook_trigger", "while",
        "workflow_event_trigger",
    ];

    /// <summary>The kinds with nothing to run with: what the palette and files need.</summary>
    public static INodeKinds Create() => new ServiceCollection().AddAgentLabNodes().BuildServiceProvider().GetRequiredService<INodeKinds>();

    /// <summary>One kind with the tools, the way out to loopback, a secret, and what else a test adds.</summary>
    public static INodeKind Kind(string kind, Action<IServiceCollection>? add = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["AgentLab:Egress:Allow:0"] = "127.0.0.0/8",
                ["AgentLab:Secrets:orders_key"] = "s3cr3t\"value",
                ["AgentLab:Secrets:shop_key"] = "sh0p-value",
                ["AgentLab:SecretHosts:shop_key:0"] = "*.shop.example",
                ["AgentLab:SecretHosts:shop_key:1"] = "127.0.0.1",
            })
            .Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging();
        add?.Invoke(services);
        services.AddAgentLabTools(configuration).AddAgentLabNodes();
        return services.BuildServiceProvider().GetRequiredService<INodeKinds>().Find(kind)!;
    }
}

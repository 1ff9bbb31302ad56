using AgentLab.Core.Tools;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Core.Tools;

public sealed class ToolsSetupTests
{
    [Fact]
    public async Task AddAgentLabTools_EvenTwice_GivesEachToolOnce()
    {
        var configuration = new ConfigurationBuilder().Build();
        await using var provider = new ServiceCollection().AddLogging().AddAgentLabTools(configuration).AddAgentLabTools(configuration).BuildServiceProvider();
        var registry = provider.GetRequiredService<IToolRegistry>();

        registry.All.Select(tool => tool.Name).ShouldBe(["calculator", "date_time", "describe_tables", "document_search", "fetch_page", "table_query"]);
        registry.All.Where(tool => tool.Effect == ToolEffect.External).Select(tool => tool.Name).ShouldBe(["fetch_page"]);
        registry.All.ShouldAllBe(tool => tool.RepeatSafe && tool.Description.Length > 20 && tool.Schema.GetProperty("type").GetString() == "object");
        provider.GetRequiredService<ToolInvoker>().ShouldNotBeNull();
    }

    [Fact]
    public async Task Resolve_Names_KeepsOrderAndReportsUnknown()
    {
        await using var provider = new ServiceCollection().AddLogging().AddAgentLabTools(new ConfigurationBuilder().Build()).BuildServiceProvider();

        var selection = provider.GetRequiredService<IToolRegistry>().Resolve(["table_query", "calculator", "gone", "calculator"]);

        selection.Tools.Select(tool => tool.Name).ShouldBe(["table_query", "calculator"]);
        selection.UnknownNames.ShouldBe(["gone"]);
    }
}

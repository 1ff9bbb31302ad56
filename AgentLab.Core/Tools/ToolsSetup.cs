using AgentLab.Core.Security;
using AgentLab.Core.Tools.Calculator;
using AgentLab.Core.Tools.Dates;
using AgentLab.Core.Tools.Documents;
using AgentLab.Core.Tools.Pages;
using AgentLab.Core.Tools.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentLab.Core.Tools;

public static class ToolsSetup
{
    /// <summary>Adds <see cref="IToolRegistry"/>, <see cref="ToolInvoker"/> and the built-in tools, with the egress policy that they obey. A further tool is a singleton <see cref="Tool"/>.</summary>
    public static IServiceCollection AddAgentLabTools(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddAgentLabEgress(configuration);
        services.TryAddSingleton<ToolInvoker>();
        services.TryAddSingleton<IToolRegistry, ToolRegistry>();
        services.TryAddSingleton<ITableSource, TableSource>();
        services.TryAddSingleton<TableTools>();
        AddTool(services, CalculatorTool.Name, _ => CalculatorTool.Create());
        AddTool(services, DateTimeTool.Name, provider => DateTimeTool.Create(provider.GetRequiredService<TimeProvider>()));
        AddTool(services, TableTools.DescribeName, provider => provider.GetRequiredService<TableTools>().CreateDescribe());
        AddTool(services, TableTools.QueryName, provider => provider.GetRequiredService<TableTools>().CreateQuery());
        AddTool(services, DocumentSearchTool.Name, _ => DocumentSearchTool.Create());
        AddTool(services, FetchPageTool.Name, provider => new FetchPageTool(provider.GetRequiredService<EgressHttpClient>()).Create());
        return services;
    }

    /// <summary>The name is the service key, which keeps a second call of the set-up from adding a tool twice.</summary>
    private static void AddTool(IServiceCollection services, string name, Func<IServiceProvider, Tool> create)
    {
        if (services.Any(service => service.ServiceType == typeof(Tool) && service.IsKeyedService && name.Equals(service.ServiceKey)))
        {
            return;
        }

        services.AddKeyedSingleton(name, (provider, _) => create(provider));
        services.AddSingleton(provider => provider.GetRequiredKeyedService<Tool>(name));
    }
}

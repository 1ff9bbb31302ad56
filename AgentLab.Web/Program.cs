using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Models;
using AgentLab.Core.Tasks;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Builder;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Core.Workflows.Triggers;
using AgentLab.Data;
using AgentLab.Data.Agents;
using AgentLab.Data.Workflows;
using AgentLab.Web.Features.Account;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Hosting;
using AgentLab.Web.Hosting.Health;
using AgentLab.Web.Hosting.Security;
using AgentLab.Web.Layout;

if (CommandLine.Find(args) is { } subcommand)
{
    return await subcommand.RunAsync(args[1..], CancellationToken.None);
}

return await Launch.RunAsync(() => Program.Build(new() { Args = args }));

/// <summary>The entry point and the composition of the program, public so that tests can host it.</summary>
public partial class Program
{
    /// <summary>Composes the program without starting it.</summary>
    /// <param name="options">Arguments, environment and content root.</param>
    /// <param name="configure">Last changes to settings and registrations, for tests; null for none.</param>
    public static WebApplication Build(WebApplicationOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(options);
        builder.AddLabHosting();
        builder.Services.AddAgentLabData(builder.Configuration);
        builder.Services.AddAgentLabModels(builder.Configuration);
        builder.Services.AddAgentLabAgents(builder.Configuration);
        builder.Services.AddAgentLabRuns(builder.Configuration);
        builder.Services.AddAgentLabNodes();
        builder.Services.AddWorkflowDefinitions();
        builder.Services.AddAgentLabWorkflowStore();
        builder.Services.AddWorkflowEngine();
        builder.Services.AddWorkflowTriggers();
        builder.Services.AddAgentLabTasks(builder.Configuration);
        builder.Services.AddAgentLabBuilder(builder.Configuration);
        builder.Services.AddLabAccounts();
        builder.Services.AddLabApi();
        builder.Services.AddWebUi();
        configure?.Invoke(builder);

        var app = builder.Build();
        Launch.CheckSettings(app);
        app.UseLabHosting();
        app.UseLabAccounts();
        app.MapLabHealth();
        app.MapAuthApi();
        app.MapUsersApi();
        app.MapSignOut();
        app.MapLabApi();
        app.MapWebUi();
        AnonymousRoutes.Check(app);
        return app;
    }
}

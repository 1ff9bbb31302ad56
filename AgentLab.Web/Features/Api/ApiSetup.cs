using System.Text.Json;
using System.Text.Json.Serialization;
using AgentLab.Web.Features.Agents;
using AgentLab.Web.Features.Approvals;
using AgentLab.Web.Features.Attachments;
using AgentLab.Web.Features.Capabilities;
using AgentLab.Web.Features.Dashboard;
using AgentLab.Web.Features.Sessions;
using AgentLab.Web.Features.Sessions.Streams;
using AgentLab.Web.Features.Tasks;
using AgentLab.Web.Features.Workflows;
using AgentLab.Web.Features.Workflows.Hooks;
using AgentLab.Web.Hosting.Options;
using AgentLab.Web.Hubs;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Features.Api;

/// <summary>The API for programs: <c>/api/v1</c>, <c>/hubs/sessions</c>, and their description.</summary>
internal static class ApiSetup
{
    /// <summary>What a connection may hold. The transport sends all of it as one message, which a client gets whole or not at all.</summary>
    private const int HubBufferBytes = 32 * 1024;

    public static IServiceCollection AddLabApi(this IServiceCollection services)
    {
        services.AddLabOptions<StreamOptions>(StreamOptions.Section);
        services.TryAddSingleton<StreamPlaces>();
        services.TryAddSingleton<EventStreamParts>();
        services.TryAddSingleton<RunWaiter>();
        services.TryAddSingleton<IdempotentRequests>();
        services.TryAddSingleton<WorkflowAnswers>();
        services.Configure<JsonOptions>(json => Configure(json.SerializerOptions));
        services.AddSignalR(hub => hub.EnableDetailedErrors = false);
        services.AddLabHooks();
        services.AddLabOpenApi();
        return services;
    }

    public static void MapLabApi(this WebApplication app)
    {
        app.MapGroup("/api/v1").RequireAuthorization()
            .MapAgentsApi()
            .MapAttachmentsApi()
            .MapCapabilitiesApi()
            .MapDashboardApi()
            .MapSessionsApi()
            .MapWorkflowsApi()
            .MapWorkflowRunsApi()
            .MapApprovalsApi()
            .MapNodeKindsApi()
            .MapActionBlocksApi()
            .MapSecretsApi()
            .MapTasksApi();
        app.MapLabHooks();
        var streams = app.Services.GetRequiredService<IOptions<StreamOptions>>().Value;
        app.MapHub<SessionHub>("/hubs/sessions", hub =>
        {
            hub.TransportSendTimeout = streams.WriteTimeout;
            hub.TransportMaxBufferSize = HubBufferBytes;
            hub.ApplicationMaxBufferSize = HubBufferBytes;
        }).RequireAuthorization();
        app.MapLabOpenApi();
    }

    private static void Configure(JsonSerializerOptions json)
    {
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        json.Converters.Add(new EncodedEventConverter());
    }
}

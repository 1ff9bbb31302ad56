using System.Text.Json;
using AgentLab.Core.Identity;
using AgentLab.Web.Hosting.Options;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentLab.Web.Hosting.Health;

/// <summary>
/// Health: <c>/health/live</c> (the process answers), <c>/health/ready</c> (checks tagged ready) and <c>/health</c> (all).
/// Healthy and degraded answer 200, unhealthy 503. Parts add themselves with <c>AddHealthChecks().AddCheck</c>.
/// </summary>
internal static class HealthSetup
{
    /// <summary>The tag of checks that decide whether this node takes traffic.</summary>
    public const string Ready = "ready";

    /// <summary>A part that asks the database and has no answer by then counts as unhealthy: whoever asks for health does not wait as long as a person would.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static IServiceCollection AddLabHealth(this IServiceCollection services)
    {
        services.AddLabOptions<HealthOptions>(HealthOptions.Section);
        services.AddHealthChecks().AddCheck<DiskHealth>("disk").AddCheck<MemoryHealth>("memory")
            .AddCheck<StreamHealth>("stream").AddCheck<NodesHealth>("nodes", null, [], Patience).AddCheck<ProvidersHealth>("providers");
        return services;
    }

    public static void MapLabHealth(this IEndpointRouteBuilder routes)
    {
        Map(routes, "/health/live", _ => false);
        Map(routes, "/health/ready", check => check.Tags.Contains(Ready));
        Map(routes, "/health", _ => true);
    }

    private static void Map(IEndpointRouteBuilder routes, string path, Func<HealthCheckRegistration, bool> which) =>
        routes.MapHealthChecks(path, new HealthCheckOptions { Predicate = which, ResponseWriter = WriteAsync }).AllowAnonymous();

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var parts = context.User.IsInRole(Roles.Admin)
            ? report.Entries.ToDictionary(e => e.Key, e => new Part(e.Value.Status, e.Value.Description, (long)e.Value.Duration.TotalMilliseconds, e.Value.Data))
            : null;
        var answer = new Answer(report.Status, parts is null ? null : CommandLine.Version, parts);
        return context.Response.WriteAsJsonAsync(answer, Json, context.RequestAborted);
    }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private sealed record Answer(HealthStatus Status, string? Version, Dictionary<string, Part>? Parts);

    private sealed record Part(HealthStatus Status, string? Description, long Milliseconds, IReadOnlyDictionary<string, object> Data);
}

using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.StaticAssets;

namespace AgentLab.Web.Hosting.Security;

/// <summary>Everything that answers without sign-in, and nothing else: the start fails when an endpoint outside this list allows it.</summary>
public static class AnonymousRoutes
{
    /// <summary>Route patterns, as they are mapped. Static assets (style, script, pictures of the build) come on top.</summary>
    public static IReadOnlySet<string> All { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        // Probes; /health shows its parts to administrators only.
        "/health", "/health/live", "/health/ready",

        // Pages that lead to a sign-in. /setup answers until there is an administrator.
        "/setup", "/account/sign-in", "/not-found",

        // Tokens are had with a password or a refresh token.
        "/api/v1/auth/login", "/api/v1/auth/refresh",

        // Other programs start workflows and wake runs: whoever made the workflow decides by its signature or by keeping the address, a run's key is unguessable.
        "/hooks/{slug}", "/hooks/wait/{key}",
    };

    /// <summary>Whether <paramref name="endpoint"/> lets the anonymous in.</summary>
    public static bool IsAnonymous(Endpoint endpoint) => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    /// <summary>Whether <paramref name="endpoint"/> may do so.</summary>
    public static bool IsListed(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null
        || (endpoint is RouteEndpoint { RoutePattern.RawText: { } pattern } && All.Contains("/" + pattern.Trim('/')));

    /// <summary>Refuses to start with an endpoint that is open without being listed.</summary>
    /// <exception cref="InvalidOperationException">There is one.</exception>
    public static void Check(IEndpointRouteBuilder routes)
    {
        var open = routes.DataSources.SelectMany(s => s.Endpoints).Where(e => IsAnonymous(e) && !IsListed(e)).Select(e => e.DisplayName).ToList();
        if (open.Count > 0)
        {
            throw new InvalidOperationException(
                $"These endpoints allow the anonymous without being listed in {nameof(AnonymousRoutes)}: {string.Join(", ", open)}. List them there or require sign-in.");
        }
    }
}

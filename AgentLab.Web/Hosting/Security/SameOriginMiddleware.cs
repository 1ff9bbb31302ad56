using AgentLab.Web.Hosting.Options;
using AgentLab.Web.Hosting.Problems;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Hosting.Security;

/// <summary>
/// Refuses what another site makes a browser do here: writes and WebSockets whose Sec-Fetch-Site or Origin names a foreign
/// site. Requests that carry their own credentials (Authorization) are exempt, and so are clients that send neither header:
/// every browser sends at least one of them with a write, so such a client is no browser and holds nobody else's cookie.
/// </summary>
internal sealed class SameOriginMiddleware(RequestDelegate next, IOptions<HttpOptions> options)
{
    public Task InvokeAsync(HttpContext context) =>
        NeedsCheck(context) && !IsOwn(context.Request) ? ErrorTable.WriteAsync(context, ErrorCodes.CrossOrigin) : next(context);

    private static bool NeedsCheck(HttpContext context) =>
        context.WebSockets.IsWebSocketRequest
        || context.Request.Headers.Upgrade.Count > 0
        || (IsUnsafe(context.Request.Method) && context.Request.Headers.Authorization.Count == 0);

    private static bool IsUnsafe(string method) =>
        !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method));

    private bool IsOwn(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && options.Value.CorsOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase))
        {
            return true;
        }

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return site.Length > 0
            ? site is "same-origin" or "none"
            : origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && IsHost(uri, request.Host));
    }

    private static bool IsHost(Uri origin, HostString host) =>
        host.HasValue && string.Equals(origin.Authority, new UriBuilder(origin.Scheme, host.Host, host.Port ?? -1).Uri.Authority, StringComparison.OrdinalIgnoreCase);
}

using AgentLab.Core.Hosting;
using System.Net;

namespace AgentLab.Web.Hosting.Options;

/// <summary>How AgentLab meets the network: <c>AgentLab:Http</c>.</summary>
public sealed class HttpOptions : ILabOptions
{
    /// <summary>Where these settings live.</summary>
    public const string Section = "AgentLab:Http";

    /// <summary>Answer plain HTTP with a redirect to HTTPS. Leave it off behind a proxy that does this itself. Default: false.</summary>
    public bool HttpsRedirect { get; set; }

    /// <summary>Tell browsers to use HTTPS only, for <see cref="HstsDays"/>; sent over HTTPS in Production alone. Default: true.</summary>
    public bool Hsts { get; set; } = true;

    /// <summary>How long browsers remember HSTS, in days, 1 to 730. Default: 365.</summary>
    public int HstsDays { get; set; } = 365;

    /// <summary>Addresses of proxies whose X-Forwarded-For, -Proto and -Host are believed. Default: none, so these headers are ignored.</summary>
    public IList<string> KnownProxies { get; } = [];

    /// <summary>Networks (CIDR) of such proxies, like 10.0.0.0/8. Default: none.</summary>
    public IList<string> KnownNetworks { get; } = [];

    /// <summary>Foreign origins that may call the API with a bearer token, like https://tools.example. Default: none.</summary>
    public IList<string> CorsOrigins { get; } = [];

    /// <inheritdoc/>
    public IEnumerable<string> Check()
    {
        if (HstsDays is < 1 or > 730)
        {
            yield return $"{Section}:HstsDays is {HstsDays}; allowed are 1 to 730.";
        }

        foreach (var proxy in KnownProxies.Where(p => !IPAddress.TryParse(p, out _)))
        {
            yield return $"{Section}:KnownProxies holds '{proxy}', which is not an IP address.";
        }

        foreach (var network in KnownNetworks.Where(n => !IPNetwork.TryParse(n, out _)))
        {
            yield return $"{Section}:KnownNetworks holds '{network}', which is not a network like 10.0.0.0/8.";
        }

        foreach (var origin in CorsOrigins.Where(o => !IsOrigin(o)))
        {
            yield return $"{Section}:CorsOrigins holds '{origin}', which is not an origin like https://tools.example.";
        }
    }

    private static bool IsOrigin(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), value, StringComparison.OrdinalIgnoreCase);
}

using System.Net;
using Microsoft.Extensions.Options;

namespace AgentLab.Core.Security;

/// <summary>
/// Decides what the server may reach on behalf of a model: http and https to public addresses on the usual ports, and what an administrator listed
/// (<see cref="EgressOptions"/>). The decision is about the resolved address, and the caller must connect to exactly an address that it was given.
/// </summary>
public sealed class EgressPolicy
{
    private static readonly int[] UsualPorts = [80, 443, 8080, 8443];

    private readonly EgressRule[] _rules;
    private readonly HashSet<int> _ports;
    private readonly IHostResolver _resolver;

    public EgressPolicy(IOptions<EgressOptions> options, IHostResolver resolver)
    {
        ArgumentNullException.ThrowIfNull(options);
        _rules = [.. options.Value.Allow.Select(entry => EgressRule.TryParse(entry, out var rule) ? rule : throw new ArgumentException($"\"{entry}\" is no host, address or range.", nameof(options)))];
        _ports = [.. UsualPorts, .. options.Value.Ports];
        _resolver = resolver;
    }

    /// <summary>Checks what can be seen in the address itself: scheme, user information, host. Do so for the first address and for every redirect.</summary>
    /// <exception cref="EgressRefusedException">The address is refused.</exception>
    public static void Check(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (!uri.IsAbsoluteUri || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            throw new EgressRefusedException("Only addresses that begin with http:// or https:// can be reached.");
        }

        if (uri.UserInfo.Length > 0)
        {
            throw new EgressRefusedException("An address with a user name or password in it is refused: leave out what stands before the @.");
        }

        if (uri.Host.Length == 0)
        {
            throw new EgressRefusedException("The address has no host.");
        }
    }

    /// <summary>Resolves a host once and returns those of its addresses that may be connected to, IPv4 first.</summary>
    /// <exception cref="EgressRefusedException">The host is unknown, or the policy permits none of its addresses on this port.</exception>
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, int port, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await _resolver.ResolveAsync(host, cancellationToken);
        if (addresses.Count == 0)
        {
            throw new EgressRefusedException($"The host {host} is not known: check its spelling.");
        }

        var isListed = _rules.Any(rule => rule.Matches(host));
        var reachable = addresses.Where(address => isListed || _rules.Any(rule => rule.Matches(address)) || PublicAddresses.Contains(address)).ToArray();
        if (reachable.Length == 0)
        {
            throw new EgressRefusedException($"{host} is not a public host. An administrator can list it under {EgressOptions.Section}:Allow.");
        }

        var permitted = reachable.Where(address => isListed || _rules.Any(rule => rule.Matches(address)) || _ports.Contains(port)).ToArray();
        return permitted.Length > 0
            ? [.. permitted.OrderBy(address => address.AddressFamily)]
            : throw new EgressRefusedException($"Port {port} of {host} cannot be reached: only {string.Join(", ", _ports.Order())} can. An administrator can list it under {EgressOptions.Section}:Ports.");
    }
}

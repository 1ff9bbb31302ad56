using System.Net;
using System.Net.Sockets;

namespace AgentLab.Core.Security;

/// <summary>Looks up the addresses of a host name.</summary>
public interface IHostResolver
{
    /// <summary>The addresses in the order of preference; empty when the name is not known.</summary>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);
}

/// <summary>The system's resolver.</summary>
internal sealed class DnsHostResolver : IHostResolver
{
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (SocketException)
        {
            return [];
        }
    }
}

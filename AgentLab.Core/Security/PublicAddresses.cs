using System.Net;
using System.Net.Sockets;

namespace AgentLab.Core.Security;

/// <summary>
/// Tells public unicast addresses from all others, after IANA's special-purpose registries. Forms of IPv6 that carry an IPv4 address
/// (mapped, NAT64, 6to4, Teredo) are never public: what they reach is decided somewhere else.
/// </summary>
internal static class PublicAddresses
{
    private static readonly AddressRange[] SpecialIPv4 =
    [
        AddressRange.Parse("0.0.0.0/8"),        // this network, unspecified
        AddressRange.Parse("10.0.0.0/8"),       // private
        AddressRange.Parse("100.64.0.0/10"),    // carrier-grade NAT, some clouds' metadata
        AddressRange.Parse("127.0.0.0/8"),      // loopback
        AddressRange.Parse("168.63.129.16/32"), // a cloud's host agent on an otherwise public address
        AddressRange.Parse("169.254.0.0/16"),   // link-local, metadata
        AddressRange.Parse("172.16.0.0/12"),    // private
        AddressRange.Parse("192.0.0.0/24"),     // protocol assignments, metadata
        AddressRange.Parse("192.0.2.0/24"),     // documentation
        AddressRange.Parse("192.31.196.0/24"),  // AS112
        AddressRange.Parse("192.52.193.0/24"),  // AMT
        AddressRange.Parse("192.88.99.0/24"),   // 6to4 relays
        AddressRange.Parse("192.168.0.0/16"),   // private
        AddressRange.Parse("192.175.48.0/24"),  // AS112
        AddressRange.Parse("198.18.0.0/15"),    // benchmarks
        AddressRange.Parse("198.51.100.0/24"),  // documentation
        AddressRange.Parse("203.0.113.0/24"),   // documentation
        AddressRange.Parse("224.0.0.0/4"),      // multicast
        AddressRange.Parse("240.0.0.0/4"),      // reserved, broadcast
    ];

    /// <summary>All that IANA has given out for global unicast; loopback, link-local, unique local, multicast, mapped and NAT64 lie outside.</summary>
    private static readonly AddressRange GlobalIPv6 = AddressRange.Parse("2000::/3");

    private static readonly AddressRange[] SpecialIPv6 =
    [
        AddressRange.Parse("2001::/23"),       // protocol assignments, Teredo, ORCHID
        AddressRange.Parse("2001:db8::/32"),   // documentation
        AddressRange.Parse("2002::/16"),       // 6to4
        AddressRange.Parse("2620:4f:8000::/48"), // AS112
        AddressRange.Parse("3fff::/20"),       // documentation
    ];

    public static bool Contains(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !SpecialIPv4.Any(range => range.Contains(address)),
        AddressFamily.InterNetworkV6 => GlobalIPv6.Contains(address) && !SpecialIPv6.Any(range => range.Contains(address)),
        _ => false,
    };
}

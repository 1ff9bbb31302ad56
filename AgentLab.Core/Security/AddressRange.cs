using System.Net;

namespace AgentLab.Core.Security;

/// <summary>
/// A range of addresses of one family, compared bit by bit. <see cref="IPNetwork.Contains"/> is not used: it finds ::ffff:8.8.8.8 in 2000::/3,
/// and a policy must mean exactly what it says.
/// </summary>
internal sealed class AddressRange
{
    private readonly byte[] _prefix;
    private readonly int _bits;

    private AddressRange(IPAddress start, int bits)
    {
        _prefix = start.GetAddressBytes();
        _bits = bits;
    }

    public static AddressRange Parse(string text) => TryParse(text) ?? throw new FormatException($"\"{text}\" is no range of addresses.");

    /// <summary>Reads "10.0.0.0/8" or one address; null for anything else. Host bits in a range are ignored.</summary>
    public static AddressRange? TryParse(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
        {
            return new AddressRange(network.BaseAddress, network.PrefixLength);
        }

        return IPAddress.TryParse(text, out var address) ? new AddressRange(address, address.GetAddressBytes().Length * 8) : null;
    }

    public bool Contains(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        if (bytes.Length != _prefix.Length)
        {
            return false;
        }

        var whole = _bits / 8;
        var rest = _bits % 8;
        return bytes.AsSpan(0, whole).SequenceEqual(_prefix.AsSpan(0, whole))
            && (rest == 0 || (bytes[whole] ^ _prefix[whole]) >> (8 - rest) == 0);
    }
}

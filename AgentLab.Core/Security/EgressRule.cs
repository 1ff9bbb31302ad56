using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace AgentLab.Core.Security;

/// <summary>One entry of the allow list: a range of addresses, or a host name with or without all that is below it.</summary>
internal sealed class EgressRule
{
    private const string Below = "*.";

    private readonly AddressRange? _range;
    private readonly string? _host;
    private readonly bool _isBelow;

    private EgressRule(AddressRange? range, string? host, bool isBelow)
    {
        _range = range;
        _host = host;
        _isBelow = isBelow;
    }

    public static bool TryParse(string entry, [NotNullWhen(true)] out EgressRule? rule)
    {
        var text = entry.Trim();
        if (AddressRange.TryParse(text) is { } range)
        {
            rule = new EgressRule(range, null, false);
        }
        else
        {
            var isBelow = text.StartsWith(Below, StringComparison.Ordinal);
            var host = Normalize(isBelow ? text[Below.Length..] : text);
            rule = Uri.CheckHostName(host) == UriHostNameType.Dns ? new EgressRule(null, host, isBelow) : null;
        }

        return rule is not null;
    }

    /// <summary>Host names are compared without case and without the dot that may end them.</summary>
    public static string Normalize(string host) => host.TrimEnd('.').ToLowerInvariant();

    public bool Matches(IPAddress address) => _range is not null && _range.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    public bool Matches(string host) =>
        _host is not null && (_isBelow ? Normalize(host).EndsWith("." + _host, StringComparison.Ordinal) : Normalize(host) == _host);
}

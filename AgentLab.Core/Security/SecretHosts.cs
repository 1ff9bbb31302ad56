using System.Net;

namespace AgentLab.Core.Security;

/// <summary>The hosts that a secret is for.</summary>
public sealed class SecretHosts
{
    private readonly EgressRule[] _rules;

    /// <param name="entries">
    /// Each a host name (<c>api.example.com</c>), every host below a name (<c>*.example.com</c>), an address or a range of addresses that a request names as such. One that is none of
    /// these allows nothing.
    /// </param>
    public SecretHosts(IReadOnlyList<string> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        Entries = entries;
        _rules = [.. entries.Select(entry => EgressRule.TryParse(entry, out var rule) ? rule : null).OfType<EgressRule>()];
    }

    /// <summary>No host is named: any that the egress policy lets be reached.</summary>
    public static SecretHosts Any { get; } = new([]);

    /// <summary>As an administrator wrote them; empty for any.</summary>
    public IReadOnlyList<string> Entries { get; }

    /// <summary>Whether the secret may go to any host.</summary>
    public bool IsAny => Entries.Count == 0;

    /// <summary>Whether the secret may go there.</summary>
    /// <param name="uri">The address of a request.</param>
    public bool Allow(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var host = uri.IdnHost;
        return IsAny || _rules.Any(rule => IPAddress.TryParse(host.Trim('[', ']'), out var address) ? rule.Matches(address) : rule.Matches(host));
    }

    /// <summary>Whether an entry is one.</summary>
    public static bool IsEntry(string entry) => EgressRule.TryParse(entry, out _);
}

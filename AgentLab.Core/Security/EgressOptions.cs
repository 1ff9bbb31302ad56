using System.Net;
using Microsoft.Extensions.Options;

namespace AgentLab.Core.Security;

/// <summary>What tools may reach beyond the public internet. Configured under "AgentLab:Egress".</summary>
public sealed class EgressOptions
{
    public const string Section = "AgentLab:Egress";

    /// <summary>
    /// Places that are reachable although their address is not public: a host name ("wiki.example.local"), every host below a name ("*.example.local"), an address, or a
    /// range in CIDR form ("10.20.0.0/16"). They are reachable on every port. Default: none.
    /// </summary>
    public IList<string> Allow { get; } = [];

    /// <summary>Ports of public hosts that are reachable beside 80, 443, 8080 and 8443. Default: none.</summary>
    public IList<int> Ports { get; } = [];
}

internal sealed class EgressOptionsValidator : IValidateOptions<EgressOptions>
{
    public ValidateOptionsResult Validate(string? name, EgressOptions options)
    {
        List<string> failures =
        [
            .. options.Allow
                .Where(entry => !EgressRule.TryParse(entry, out _))
                .Select(entry => $"{EgressOptions.Section}:Allow holds \"{entry}\": write a host name, *.name, an address or a range such as 10.20.0.0/16."),
            .. options.Ports
                .Where(port => port is < 1 or > IPEndPoint.MaxPort)
                .Select(port => $"{EgressOptions.Section}:Ports holds {port}: a port is 1 to {IPEndPoint.MaxPort}."),
        ];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}

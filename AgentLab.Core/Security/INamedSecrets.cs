using AgentLab.Core.Models;

namespace AgentLab.Core.Security;

/// <summary>
/// Secrets that workflows name and never hold: a definition says <c>{"secret": "shop_key"}</c>, the value stands in the settings (<c>AgentLab:Secrets:shop_key</c>: environment or a
/// file below <c>/run/secrets</c>). Each may have hosts that it is for (<c>AgentLab:SecretHosts:shop_key</c>); one that has none goes to any host that the egress policy lets be reached.
/// </summary>
public interface INamedSecrets
{
    /// <summary>The secret of this name, case aside; null when there is none or it is empty.</summary>
    Secret? Find(string name);

    /// <summary>The hosts that a request which carries this secret, or is signed with it, may go to.</summary>
    SecretHosts HostsOf(string name);

    /// <summary>The secrets that are set, by name, without their values.</summary>
    IReadOnlyList<NamedSecret> List();
}

/// <summary>A secret without its value.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hosts">The hosts that it is for.</param>
public sealed record NamedSecret(string Name, SecretHosts Hosts);

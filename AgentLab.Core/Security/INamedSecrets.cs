using AgentLab.Core.Models;

namespace AgentLab.Core.Security;

/// <summary>
/// Secrets that workflows name and never hold: a definition says <c>{"secret": "shop_key"}</c>, the value stands in the settings (<c>AgentLab:Secrets:shop_key</c>: environment or a
/// file below <c>/run/secrets</c>).
/// </summary>
public interface INamedSecrets
{
    /// <summary>The secret of this name, case aside; null when there is none or it is empty.</summary>
    Secret? Find(string name);
}

using AgentLab.Core.Models;
using Microsoft.Extensions.Configuration;

namespace AgentLab.Core.Security;

/// <summary>Reads named secrets from the settings, each time anew: a file that is replaced is a secret that is rotated.</summary>
internal sealed class NamedSecrets(IConfiguration configuration) : INamedSecrets
{
    private const string Section = "AgentLab:Secrets";

    public Secret? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        // A name with a colon would lead out of the section's own level.
        return name.Contains(':', StringComparison.Ordinal) || configuration[$"{Section}:{name}"] is not { } value || string.IsNullOrWhiteSpace(value)
            ? null
            : new Secret(value);
    }
}

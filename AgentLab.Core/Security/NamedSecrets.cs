using AgentLab.Core.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AgentLab.Core.Security;

/// <summary>Reads named secrets from the settings, each time anew: a file that is replaced is a secret that is rotated.</summary>
internal sealed class NamedSecrets(IConfiguration configuration) : INamedSecrets
{
    internal const string HostsSection = "AgentLab:SecretHosts";

    private const string Section = "AgentLab:Secrets";
    private static readonly char[] Separators = [',', ';', ' '];

    public Secret? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return IsName(name) && configuration[$"{Section}:{name}"] is { } value && !string.IsNullOrWhiteSpace(value) ? new Secret(value) : null;
    }

    public SecretHosts HostsOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return IsName(name) && Entries(configuration.GetSection($"{HostsSection}:{name}")) is { Count: > 0 } entries ? new SecretHosts(entries) : SecretHosts.Any;
    }

    public IReadOnlyList<NamedSecret> List() =>
    [
        .. configuration.GetSection(Section).GetChildren().Where(secret => !string.IsNullOrWhiteSpace(secret.Value))
            .OrderBy(secret => secret.Key, StringComparer.OrdinalIgnoreCase).Select(secret => new NamedSecret(secret.Key, HostsOf(secret.Key))),
    ];

    /// <summary>A list, or one text with commas between its entries: what fits into an environment variable.</summary>
    internal static IReadOnlyList<string> Entries(IConfigurationSection hosts) =>
    [
        .. (hosts.Value ?? string.Empty).Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        .. hosts.GetChildren().Select(entry => entry.Value).OfType<string>().Where(entry => !string.IsNullOrWhiteSpace(entry)),
    ];

    /// <summary>A name with a colon would lead out of the section's own level.</summary>
    private static bool IsName(string name) => name.Length > 0 && !name.Contains(':', StringComparison.Ordinal);
}

/// <summary>A host that is written wrong would lock a secret up, or be taken for no limit at all: it stops the start.</summary>
internal sealed class SecretHostsValidator(IConfiguration configuration) : IValidateOptions<EgressOptions>
{
    public ValidateOptionsResult Validate(string? name, EgressOptions options)
    {
        var failures = configuration.GetSection(NamedSecrets.HostsSection).GetChildren()
            .SelectMany(secret => NamedSecrets.Entries(secret).Where(entry => !SecretHosts.IsEntry(entry))
                .Select(entry => $"{NamedSecrets.HostsSection}:{secret.Key} holds \"{entry}\": write a host name, *.name or an address, without https:// and path."))
            .ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}

using AgentLab.Core.Security;
using Microsoft.Extensions.Options;

namespace AgentLab.Tests.Core.Security;

/// <summary>Builds policies for tests.</summary>
internal static class Egress
{
    public static EgressPolicy Policy(IHostResolver resolver, params string[] allow)
    {
        var options = new EgressOptions();
        foreach (var entry in allow)
        {
            options.Allow.Add(entry);
        }

        return new EgressPolicy(Options.Create(options), resolver);
    }
}

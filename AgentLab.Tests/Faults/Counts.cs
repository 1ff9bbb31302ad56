using System.Globalization;

namespace AgentLab.Tests.Faults;

/// <summary>How often a seeded fault is tried: a few points as a rule, the acceptance count with <c>AGENTLAB_TEST_FULL=1</c>.</summary>
internal static class Counts
{
    /// <summary>The number to use.</summary>
    public static int Of(int quick, int full) => Environment.GetEnvironmentVariable("AGENTLAB_TEST_FULL") == "1" ? full : quick;

    /// <summary>The seed: that of <c>AGENTLAB_TEST_SEED</c>, to see a failure again, or a new one.</summary>
    public static int Seed() =>
        int.TryParse(Environment.GetEnvironmentVariable("AGENTLAB_TEST_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : Random.Shared.Next();
}

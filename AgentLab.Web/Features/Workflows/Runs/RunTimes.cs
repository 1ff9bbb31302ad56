using AgentLab.Web.Shared;

namespace AgentLab.Web.Features.Workflows.Runs;

/// <summary>Durations of nodes and runs: the same words here, on the canvas and in lists.</summary>
internal static class RunTimes
{
    /// <summary>"84 ms", "1.2 s", "3 min 4 s".</summary>
    public static string Of(decimal milliseconds) => Show.Duration((long)Math.Round(milliseconds));
}

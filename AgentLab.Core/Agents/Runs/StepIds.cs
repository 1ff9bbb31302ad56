using System.Globalization;

namespace AgentLab.Core.Agents.Runs;

/// <summary>
/// The ids of a run's steps. They follow from the log alone, so that a run that starts again gives a step the id it had: <c>model[2]</c> is the second model
/// call, <c>tool[2.1]</c> the first tool that it asked for.
/// </summary>
internal static class StepIds
{
    public static string Model(int number) => string.Create(CultureInfo.InvariantCulture, $"model[{number}]");

    public static string Tool(int answer, int call) => string.Create(CultureInfo.InvariantCulture, $"tool[{answer}.{call}]");
}

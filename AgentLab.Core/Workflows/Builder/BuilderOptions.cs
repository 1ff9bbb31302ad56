namespace AgentLab.Core.Workflows.Builder;

/// <summary>Bounds of the builder: <c>AgentLab:Builder</c>.</summary>
public sealed class BuilderOptions
{
    /// <summary>Where the settings are.</summary>
    public const string Section = "AgentLab:Builder";

    /// <summary>The longest message, in characters.</summary>
    public const int MessageCharacters = 5_000;

    /// <summary>How long an answer may take before it is stopped. Default: 120 s.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>What is wrong with the values, each in a sentence that names the setting.</summary>
    public IEnumerable<string> Faults()
    {
        if (TimeLimit < TimeSpan.FromSeconds(1) || TimeLimit > TimeSpan.FromMinutes(30))
        {
            yield return $"{Section}:{nameof(TimeLimit)} must be between 1 second and 30 minutes.";
        }
    }
}

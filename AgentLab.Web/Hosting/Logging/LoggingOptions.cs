using AgentLab.Core.Hosting;

namespace AgentLab.Web.Hosting.Logging;

/// <summary>Where logs go and how they look: <c>AgentLab:Logging</c>. Levels are set as usual under <c>Logging:LogLevel</c>.</summary>
public sealed class LoggingOptions : ILabOptions
{
    /// <summary>Where these settings live.</summary>
    public const string Section = "AgentLab:Logging";

    /// <summary>How the console shows logs. Default: Auto, which is Text on a terminal and Json elsewhere.</summary>
    public LogFormat Format { get; set; }

    /// <summary>A file for JSON logs, rolled each day, like logs/agentlab-.json. Default: none.</summary>
    public string? File { get; set; }

    /// <summary>How many rolled files are kept, 1 to 1000. Default: 14.</summary>
    public int FilesKept { get; set; } = 14;

    /// <inheritdoc/>
    public IEnumerable<string> Check()
    {
        if (FilesKept is < 1 or > 1000)
        {
            yield return $"{Section}:FilesKept is {FilesKept}; allowed are 1 to 1000.";
        }
    }
}

/// <summary>How the console shows logs.</summary>
public enum LogFormat
{
    /// <summary>Text on a terminal, Json elsewhere.</summary>
    Auto,

    /// <summary>A line for people.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}

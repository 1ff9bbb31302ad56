using AgentLab.Core.Hosting;
using StackExchange.Redis;

namespace AgentLab.Data.Hints;

/// <summary>How several nodes wake each other up: <c>AgentLab:Hints</c>.</summary>
public sealed class HintOptions : ILabOptions
{
    /// <summary>Where these settings live.</summary>
    public const string Section = "AgentLab:Hints";

    /// <summary>
    /// How to reach Redis, like <c>redis:6379,password=...</c>; never logged. Default: empty, so that PostgreSQL carries the hints itself and nodes on SQL Server look by themselves.
    /// Ignored on SQLite, which one process has for itself.
    /// </summary>
    public string Redis { get; set; } = "";

    /// <summary>The channel of Redis, 1 to 100 letters, digits, <c>-</c>, <c>_</c>, <c>:</c> and <c>.</c>. Instances that share a Redis take different ones. Default: agentlab.</summary>
    public string Channel { get; set; } = "agentlab";

    /// <inheritdoc />
    public IEnumerable<string> Check()
    {
        if (Channel.Length is < 1 or > 100 || !Channel.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ':' or '.'))
        {
            yield return $"{Section}:Channel must be 1 to 100 letters, digits, -, _, : and dots.";
        }

        if (Redis.Length > 0 && !IsReadable(Redis))
        {
            yield return $"{Section}:Redis is not a connection string like redis:6379,password=... (its value is not shown).";
        }
    }

    private static bool IsReadable(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            return false;
        }
    }
}

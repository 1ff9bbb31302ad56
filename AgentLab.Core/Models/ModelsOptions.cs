namespace AgentLab.Core.Models;

/// <summary>How models are called: <c>AgentLab:Models</c>. Validated at start.</summary>
public sealed class ModelsOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "AgentLab:Models";

    /// <summary>The model of agents that name none, as <c>provider/model</c>. Default: the first enabled provider's first model.</summary>
    public string? Default { get; set; }

    /// <summary>The total time of one call, retries and fallbacks included. Default: 120 s.</summary>
    public TimeSpan CallTimeLimit { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>How long a provider that has a stand-in may go without its first token (without its answer when not streaming). Default: 60 s.</summary>
    public TimeSpan FallbackAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a transient failure is tried again. Default: 3; 0 turns retrying off.</summary>
    public int Retries { get; set; } = 3;

    /// <summary>The first wait before trying again; it doubles each time, with jitter. Default: 0.5 s.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest wait before trying again. A provider that asks for a longer one fails the call at once. Default: 30 s.</summary>
    public TimeSpan LongestRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The failures within <see cref="BreakerWindow"/>, at least half of all calls, that open a provider's circuit. Default: 5; at least 2.</summary>
    public int BreakerFailures { get; set; } = 5;

    /// <summary>The time over which failures are counted. Default: 30 s.</summary>
    public TimeSpan BreakerWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an open circuit refuses calls; it doubles up to a minute while the provider stays down. Default: 8 s.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>The time between two words of the rehearsal model. Default: 25 ms.</summary>
    public TimeSpan RehearsalWordPace { get; set; } = TimeSpan.FromMilliseconds(25);

    /// <summary>The search for a local Ollama.</summary>
    public OllamaOptions Ollama { get; set; } = new();

    /// <summary>Every fault at once; empty when all is sound.</summary>
    internal IEnumerable<string> Faults()
    {
        if (CallTimeLimit < TimeSpan.FromSeconds(1) || CallTimeLimit > TimeSpan.FromHours(1))
        {
            yield return $"{Section}:{nameof(CallTimeLimit)} must be between 1 second and 1 hour.";
        }

        if (FallbackAfter <= TimeSpan.Zero)
        {
            yield return $"{Section}:{nameof(FallbackAfter)} must be positive.";
        }

        if (Retries is < 0 or > 10)
        {
            yield return $"{Section}:{nameof(Retries)} must be 0 to 10.";
        }

        if (RetryDelay < TimeSpan.Zero || LongestRetryDelay < RetryDelay || LongestRetryDelay > TimeSpan.FromHours(1))
        {
            yield return $"{Section}:{nameof(RetryDelay)} must not be negative, and {nameof(LongestRetryDelay)} must be between it and 1 hour.";
        }

        if (BreakerFailures is < 2 or > 1000)
        {
            yield return $"{Section}:{nameof(BreakerFailures)} must be 2 to 1000.";
        }

        if (BreakerWindow < TimeSpan.FromSeconds(0.5) || BreakDuration < TimeSpan.FromSeconds(0.5) || BreakDuration > TimeSpan.FromHours(1) || BreakerWindow > TimeSpan.FromHours(1))
        {
            yield return $"{Section}:{nameof(BreakerWindow)} and {nameof(BreakDuration)} must be between 0.5 seconds and 1 hour.";
        }

        if (RehearsalWordPace < TimeSpan.Zero || RehearsalWordPace > TimeSpan.FromSeconds(10))
        {
            yield return $"{Section}:{nameof(RehearsalWordPace)} must be 0 to 10 seconds.";
        }

        if (Ollama.Endpoint is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            yield return $"{Section}:{nameof(Ollama)}:{nameof(OllamaOptions.Endpoint)} must be an absolute http or https address.";
        }
    }
}

/// <summary>The search for a local Ollama: <c>AgentLab:Models:Ollama</c>.</summary>
public sealed class OllamaOptions
{
    /// <summary>Whether to look for one. Default: true. What is found is only ever suggested.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Where to look. Default: http://127.0.0.1:11434/v1.</summary>
    public Uri Endpoint { get; set; } = new("http://127.0.0.1:11434/v1");
}

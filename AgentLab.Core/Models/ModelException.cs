namespace AgentLab.Core.Models;

/// <summary>The stable codes of a failed model call. Codes are never renamed or reused.</summary>
public static class ModelErrorCodes
{
    /// <summary>The provider refuses more calls for now (429). Transient.</summary>
    public const string RateLimited = "model_rate_limited";

    /// <summary>No answer within the time limit. Transient.</summary>
    public const string Timeout = "model_timeout";

    /// <summary>The provider cannot be reached, answers 5xx, or its circuit is open. Transient.</summary>
    public const string Unavailable = "model_unavailable";

    /// <summary>The answer broke off after it had begun. Transient: ask again and discard what came before.</summary>
    public const string Interrupted = "model_interrupted";

    /// <summary>The provider refuses the key (401, 403).</summary>
    public const string Unauthorized = "model_unauthorized";

    /// <summary>The provider refuses the request itself (any other 4xx, a redirect).</summary>
    public const string Rejected = "model_rejected";

    /// <summary>The prompt is longer than the model's context window.</summary>
    public const string ContextTooLong = "model_context_too_long";

    /// <summary>What came is not the OpenAI protocol: broken JSON, no choice, an answer over the size limit.</summary>
    public const string BadResponse = "model_bad_response";

    /// <summary>The reference names no provider or model that can be used (also a 404 of the provider).</summary>
    public const string Unknown = "model_unknown";
}

/// <summary>
/// A model call that failed. <see cref="Exception.Message"/> is a sentence that a person can act on; it holds no secret.
/// </summary>
public sealed class ModelException : Exception
{
    /// <param name="code">One of <see cref="ModelErrorCodes"/>.</param>
    /// <param name="message">A sentence that a person can act on.</param>
    /// <param name="inner">The cause, when it can hold no secret.</param>
    public ModelException(string code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>One of <see cref="ModelErrorCodes"/>.</summary>
    public string Code { get; }

    /// <summary>True when the same call may well succeed later.</summary>
    public bool IsTransient { get; init; }

    /// <summary>How long to wait before trying again, when the provider or its circuit breaker said so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The provider's slug, when the failure is one provider's.</summary>
    public string? ProviderId { get; init; }

    /// <summary>The HTTP status of the provider's answer, when there was one.</summary>
    public int? Status { get; init; }

    /// <summary>The message without the provider's own words, which may repeat a prompt: for those who see a provider's health but not the session.</summary>
    public string Summary
    {
        get => field ?? Message;
        internal init;
    }

    /// <summary>What the failed call used up, when the answer had begun before it failed: it may have been charged. Estimated.</summary>
    public ModelUsage? Usage { get; internal set; }
}

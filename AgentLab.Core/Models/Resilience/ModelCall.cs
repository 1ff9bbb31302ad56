using Microsoft.Extensions.AI;

namespace AgentLab.Core.Models.Resilience;

/// <summary>One call to a route, as it passes through the decorators; never shared between calls.</summary>
/// <param name="messages">The prompt, enumerated once.</param>
/// <param name="options">The caller's options.</param>
/// <param name="started">The time provider's timestamp of the call.</param>
/// <param name="deadline">When the total time limit ends.</param>
internal sealed class ModelCall(IReadOnlyList<ChatMessage> messages, ChatOptions? options, long started, DateTimeOffset deadline)
{
    public IReadOnlyList<ChatMessage> Messages => messages;

    public ChatOptions? Options => options;

    public long Started => started;

    public DateTimeOffset Deadline => deadline;

    /// <summary>Requests made so far.</summary>
    public int Attempts { get; set; }

    /// <summary>The model that was asked last: the one that answers, once the call has succeeded.</summary>
    public ModelChoice? Asked { get; set; }
}

/// <summary>The small contract that fallback, retry and metering wrap.</summary>
internal interface IModelCaller
{
    /// <summary>The whole answer.</summary>
    Task<ChatResponse> RespondAsync(ModelCall call, CancellationToken cancellationToken);

    /// <summary>The answer as it comes.</summary>
    IAsyncEnumerable<ChatResponseUpdate> StreamAsync(ModelCall call, CancellationToken cancellationToken);
}

using Microsoft.Extensions.AI;

namespace AgentLab.Core.Tools;

/// <summary>
/// For whom and in which step a tool is called. It travels beside the arguments (<see cref="AIFunctionArguments.Context"/>), so that a
/// model can neither see nor choose it.
/// </summary>
public sealed record ToolContext
{
    public required string SessionId { get; init; }

    public required string RunId { get; init; }

    public required string StepId { get; init; }

    /// <summary>The same for every attempt of one step: a tool that writes hands it on to whatever it writes to.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>The person on whose behalf the run works.</summary>
    public required string UserId { get; init; }

    /// <summary>The files that belong to this session. Default: none.</summary>
    public IAttachmentReader Attachments { get; init; } = NoAttachments.Instance;

    /// <summary>The context that the agent loop put beside these arguments.</summary>
    /// <exception cref="InvalidOperationException">The function was called past <see cref="ToolInvoker"/>.</exception>
    public static ToolContext From(AIFunctionArguments arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return arguments.Context?.TryGetValue(typeof(ToolContext), out var value) == true && value is ToolContext context
            ? context
            : throw new InvalidOperationException("A tool is called through ToolInvoker, which hands over the ToolContext.");
    }

    internal AIFunctionArguments Attach(AIFunctionArguments arguments)
    {
        arguments.Context ??= new Dictionary<object, object?>();
        arguments.Context[typeof(ToolContext)] = this;
        return arguments;
    }
}

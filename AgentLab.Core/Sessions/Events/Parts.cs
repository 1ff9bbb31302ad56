using System.Text.Json;

namespace AgentLab.Core.Sessions.Events;

/// <summary>A file that came with a message; its bytes are the blob of that hash.</summary>
/// <param name="Name">The file's name as the person gave it, without a path.</param>
/// <param name="ContentType">The media type.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Blob">SHA-256 (hex) of the content.</param>
public sealed record AttachmentReference(string Name, string ContentType, long Size, string Blob);

/// <summary>The bounds of one run; null is unbounded.</summary>
/// <param name="Tokens">Tokens in and out over all its model calls.</param>
/// <param name="Cost">Money over all its model calls, in the currency of the price table.</param>
/// <param name="Steps">Model and tool calls.</param>
/// <param name="Seconds">Seconds from its start, without those in which it waits for people.</param>
public sealed record RunLimits(long? Tokens = null, decimal? Cost = null, int? Steps = null, int? Seconds = null);

/// <summary>What model calls used.</summary>
/// <param name="InputTokens">Tokens of the prompts.</param>
/// <param name="OutputTokens">Tokens of the answers.</param>
/// <param name="Cost">Money by the price table; 0 where no price is known.</param>
public sealed record UsageTotals(long InputTokens, long OutputTokens, decimal Cost)
{
    /// <summary>Nothing used.</summary>
    public static UsageTotals Zero { get; } = new(0, 0, 0);

    /// <summary>The sum of the two.</summary>
    public UsageTotals Plus(UsageTotals other) =>
        new(InputTokens + other.InputTokens, OutputTokens + other.OutputTokens, Cost + other.Cost);
}

/// <summary>One call that a model asks for.</summary>
/// <param name="Id">The model's id of the call.</param>
/// <param name="Tool">The tool's name as the model wrote it.</param>
/// <param name="Arguments">The arguments; an object.</param>
/// <param name="Error">Why the arguments could not be read, when they could not.</param>
public sealed record ToolCall(string Id, string Tool, JsonElement Arguments, string? Error = null);

/// <summary>A text that may be too large for an event: then <paramref name="Text"/> is its beginning and the whole is a blob.</summary>
/// <param name="Text">The whole text, or its beginning.</param>
/// <param name="Blob">SHA-256 (hex) of the whole text in UTF-8 when it is kept as a blob; else null.</param>
/// <param name="Size">Bytes of the whole text in UTF-8 when it is kept as a blob.</param>
public sealed record TextContent(string Text, string? Blob = null, long? Size = null)
{
    /// <summary>No text.</summary>
    public static TextContent Empty { get; } = new(string.Empty);
}

/// <summary>A JSON value that may be too large for an event: then <paramref name="Value"/> is null and the whole is a blob.</summary>
/// <param name="Value">The whole value.</param>
/// <param name="Blob">SHA-256 (hex) of the whole value as UTF-8 JSON when it is kept as a blob; else null.</param>
/// <param name="Size">Bytes of the whole value when it is kept as a blob.</param>
/// <param name="Preview">The beginning of its JSON when it is kept as a blob, for people.</param>
public sealed record JsonContent(JsonElement? Value = null, string? Blob = null, long? Size = null, string? Preview = null);

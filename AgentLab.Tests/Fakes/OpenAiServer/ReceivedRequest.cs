using System.Text.Json;

namespace AgentLab.Tests.Fakes.OpenAiServer;

/// <summary>A request that reached the server.</summary>
/// <param name="Number">From 1, in the order of arrival.</param>
/// <param name="Path">The path, such as /v1/chat/completions.</param>
/// <param name="Authorization">The header, or null.</param>
/// <param name="Body">The JSON body; undefined for a GET.</param>
public sealed record ReceivedRequest(int Number, string Path, string? Authorization, JsonElement Body)
{
    /// <summary>The model that was asked.</summary>
    public string? Model => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("model", out var model) ? model.GetString() : null;

    /// <summary>Whether the answer is to be streamed.</summary>
    public bool Streams => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;

    /// <summary>The prompt's messages.</summary>
    public IReadOnlyList<JsonElement> Messages => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("messages", out var messages) ? [.. messages.EnumerateArray()] : [];

    /// <summary>The text of the last message with this role; null when there is none.</summary>
    public string? LastText(string role)
    {
        var content = Messages.LastOrDefault(m => m.GetProperty("role").GetString() == role) is { ValueKind: JsonValueKind.Object } last && last.TryGetProperty("content", out var c) ? c : default;
        return content.ValueKind switch
        {
            JsonValueKind.String => content.GetString(),
            JsonValueKind.Array => string.Concat(content.EnumerateArray().Where(p => p.TryGetProperty("text", out _)).Select(p => p.GetProperty("text").GetString())),
            _ => null,
        };
    }

    /// <summary>How many messages came after the last one of the user: 0 for a new turn, more once tools have answered.</summary>
    public int MessagesSinceUser => Messages.Reverse().TakeWhile(m => m.GetProperty("role").GetString() != "user").Count();
}

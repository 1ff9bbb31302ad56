using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Keeps a JSON value in its event while it is small; a larger one becomes a blob with its beginning in the event.</summary>
internal static class JsonContents
{
    private const int SureBytes = 20 * 1024;
    private const int MostBytes = 32 * 1024;
    private const int PreviewBytes = 1024;

    /// <summary>The value of an event, null for one that is missing.</summary>
    public static JsonContent Of(JsonElement value, ICollection<Blob> blobs)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            return new JsonContent();
        }

        var bytes = JsonMarshal.GetRawUtf8Value(value);
        if (bytes.Length <= SureBytes || (bytes.Length <= MostBytes && !bytes.ContainsAnyInRange((byte)0xF0, (byte)0xF7)))
        {
            // Within the sure size even characters that are written as twelve bytes for four fit.
            return new JsonContent(value);
        }

        var blob = Blob.Of(bytes.ToArray(), "application/json");
        blobs.Add(blob);
        var preview = Encoding.UTF8.GetString(bytes[..PreviewBytes]).TrimEnd('\uFFFD');
        return new JsonContent(null, blob.Hash, bytes.Length, preview);
    }

    /// <summary>The whole value again.</summary>
    /// <exception cref="InvalidOperationException">Its blob is gone.</exception>
    public static async ValueTask<JsonElement> ReadAsync(JsonContent? content, ISessionReader reader, SessionId session, CancellationToken cancellationToken)
    {
        if (content?.Blob is not { } hash)
        {
            return content?.Value ?? default;
        }

        var blob = await reader.BlobAsync(session, hash, cancellationToken)
            ?? throw new InvalidOperationException($"The value {hash} of session {session} is gone.");
        return JsonElement.Parse(blob.Content.Span);
    }
}

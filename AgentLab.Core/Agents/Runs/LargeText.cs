using System.Text;
using System.Text.Encodings.Web;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Agents.Runs;

/// <summary>Keeps a text in its event while it is small; a larger one becomes a blob with its beginning in the event.</summary>
internal static class LargeText
{
    private const int InEventBytes = 24 * 1024;
    private const int PreviewCharacters = 4 * 1024;

    /// <summary>The content for the event; a blob that it needs is added to <paramref name="blobs"/>.</summary>
    public static TextContent Of(string text, ICollection<Blob> blobs, string contentType = "text/plain")
    {
        var size = Encoding.UTF8.GetByteCount(text);
        if (size <= InEventBytes && JsonBytes(text) <= InEventBytes)
        {
            return new TextContent(text);
        }

        var blob = Blob.Of(Encoding.UTF8.GetBytes(text), contentType);
        blobs.Add(blob);
        var end = Math.Min(PreviewCharacters, text.Length);
        end -= char.IsHighSurrogate(text[end - 1]) ? 1 : 0;
        return new TextContent(text[..end], blob.Hash, size);
    }

    /// <summary>How many bytes the text takes in an event, escapes included: a control character takes six, an emoji twelve.</summary>
    public static int JsonBytes(string text) => Encoding.UTF8.GetByteCount(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text));
}

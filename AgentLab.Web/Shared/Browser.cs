using Microsoft.JSInterop;

namespace AgentLab.Web.Shared;

/// <summary>The few things a page asks of the browser. A browser that has gone is not an error: the calls return.</summary>
public sealed class Browser(IJSRuntime js)
{
    /// <summary>Says that the circuit runs and the layout stands.</summary>
    public ValueTask ReadyAsync(CancellationToken ct = default) => CallAsync("lab.ready", ct);

    /// <summary>Opens the dialog with this element id.</summary>
    public ValueTask OpenAsync(string id, CancellationToken ct = default) => CallAsync("lab.open", ct, id);

    /// <summary>Closes the dialog with this element id.</summary>
    public ValueTask CloseAsync(string id, CancellationToken ct = default) => CallAsync("lab.close", ct, id);

    /// <summary>Says a sentence to screen readers.</summary>
    public ValueTask AnnounceAsync(string text, CancellationToken ct = default) => CallAsync("lab.announce", ct, text);

    /// <summary>Scrolls the element with this id to its end, once what is being rendered stands.</summary>
    public ValueTask ScrollToEndAsync(string id, CancellationToken ct = default) => CallAsync("lab.scrollTo", ct, id, int.MaxValue);

    /// <summary>Hands the viewer a text file.</summary>
    public ValueTask DownloadAsync(string name, string mediaType, string text, CancellationToken ct = default) =>
        CallAsync("lab.download", ct, name, mediaType, text);

    /// <summary>Puts text on the clipboard.</summary>
    public ValueTask CopyAsync(string text, CancellationToken ct = default) => CallAsync("lab.copy", ct, text);

    private async ValueTask CallAsync(string name, CancellationToken ct, params object?[] arguments)
    {
        try
        {
            await js.InvokeVoidAsync(name, ct, arguments);
        }
        catch (JSDisconnectedException)
        {
            // The viewer has left; there is nobody to show it to.
        }
    }
}

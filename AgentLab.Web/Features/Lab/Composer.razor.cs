using AgentLab.Core;
using AgentLab.Core.Sessions;
using AgentLab.Data.Attachments;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;

namespace AgentLab.Web.Features.Lab;

/// <summary>A message that is ready to go.</summary>
/// <param name="Text">The message, trimmed.</param>
/// <param name="Attachments">Uploaded files.</param>
/// <param name="Key">Made once for what was composed: pressed twice, it is one message.</param>
public sealed record ComposedMessage(string Text, IReadOnlyList<Guid> Attachments, RequestKey Key);

/// <summary>Where a person writes. What was typed is the browser's until it is sent: a draft outlives a reload and a refused message stays.</summary>
public sealed partial class Composer : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private readonly List<Attachment> _files = [];
    private string _text = "";
    private string? _problem;
    private bool _sending;
    private RequestKey _key = NewKey();

    /// <summary>Sends; answers with the error that refused it, or null.</summary>
    [Parameter, EditorRequired]
    public Func<ComposedMessage, Task<LabError?>> OnSend { get; set; } = default!;

    /// <summary>Stops the run that goes on; null when none does.</summary>
    [Parameter]
    public Func<Task>? OnStop { get; set; }

    /// <summary>False while a run goes on: one may write, not send.</summary>
    [Parameter]
    public bool Ready { get; set; } = true;

    /// <summary>The most characters. Default: 5,000.</summary>
    [Parameter]
    public int MaxLength { get; set; } = 5_000;

    /// <summary>The most files of one message. Default: 10.</summary>
    [Parameter]
    public int MaxFiles { get; set; } = 10;

    [Parameter]
    public string Placeholder { get; set; } = "Write a message";

    /// <summary>Under which the browser keeps the draft.</summary>
    [Parameter]
    public string DraftKey { get; set; } = "new";

    /// <summary>Who uploads, with where to; null offers no attachments.</summary>
    [Parameter]
    public Func<string, string, Stream, CancellationToken, Task<Outcome<Attachment>>>? Attachments { get; set; }

    [Inject]
    private IOptions<AttachmentOptions> FileLimits { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    private static string InputId => "composer";

    private bool CanSend => Ready && !_sending && !string.IsNullOrWhiteSpace(_text) && _text.Length <= MaxLength;

    /// <summary>Puts text into the box for the person to change and send.</summary>
    public async Task FillAsync(string text)
    {
        _text = text;
        await CallAsync("lab.composer.set", InputId, text);
        StateHasChanged();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await CallAsync("lab.composer.attach", InputId);
        }
    }

    private static RequestKey NewKey() => new(Guid.NewGuid().ToString("N"));

    private void OnInput(ChangeEventArgs change)
    {
        _text = change.Value?.ToString() ?? "";
        _problem = _text.Length > MaxLength ? $"A message has at most {Show.Count(MaxLength)} characters. Shorten it or attach it as a file." : null;
    }

    private async Task SendAsync()
    {
        if (!CanSend)
        {
            return;
        }

        _sending = true;
        _problem = null;
        try
        {
            var error = await OnSend(new ComposedMessage(_text.Trim(), [.. _files.Select(file => file.Id)], _key));
            if (error is not null)
            {
                _problem = error.Message;
                return;
            }

            _text = "";
            _files.Clear();
            _key = NewKey();
            await CallAsync("lab.composer.clear", InputId);
        }
        finally
        {
            _sending = false;
        }
    }

    private async Task AttachAsync(InputFileChangeEventArgs change)
    {
        _problem = null;
        if (_files.Count + change.FileCount > MaxFiles)
        {
            _problem = $"A message has at most {Show.Count(MaxFiles, "file")}.";
            return;
        }

        foreach (var file in change.GetMultipleFiles(MaxFiles))
        {
            if (await UploadAsync(file) is { } problem)
            {
                _problem = $"{file.Name}: {problem}";
            }
        }
    }

    // What is too large is refused by what the browser says of it, before a byte of it is read.
    private async Task<string?> UploadAsync(IBrowserFile file)
    {
        var most = FileLimits.Value.AttachmentBytes;
        if (file.Size > most)
        {
            return $"A file has at most {Show.Size(most)}; this one has {Show.Size(file.Size)}.";
        }

        await using var content = file.OpenReadStream(most, _leaving.Token);
        var saved = await Attachments!(file.Name, file.ContentType, content, _leaving.Token);
        if (saved.Ok)
        {
            _files.Add(saved.Value);
        }

        return saved.Error?.Message;
    }

    private async Task CallAsync(string name, params object?[] arguments)
    {
        try
        {
            await Js.InvokeVoidAsync(name, _leaving.Token, arguments);
        }
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException)
        {
            // The viewer has left.
        }
    }
}

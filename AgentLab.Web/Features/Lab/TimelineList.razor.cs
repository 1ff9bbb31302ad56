using System.Globalization;
using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Web.Features.Lab.View;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using RunOptions = AgentLab.Core.Agents.Runs.RunOptions;

namespace AgentLab.Web.Features.Lab;

/// <summary>The session's steps and events as rows, drawn only where they are looked at.</summary>
public sealed partial class TimelineList : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private List<TimelineRow> _rows = [];
    private TimelineFilter _filter;
    private SessionEvent? _selected;
    private ElementReference _noteBox;
    private string _note = "";
    private string? _noteKey;
    private string? _noteProblem;
    private bool _noting;
    private bool _focusNote;

    [Parameter, EditorRequired]
    public OpenSession Open { get; set; } = default!;

    /// <summary>Who looks, where notes can be added; null where they cannot.</summary>
    [Parameter]
    public Person? Person { get; set; }

    [Inject]
    private Browser Browser { get; set; } = default!;

    [Inject]
    private ISessionCommands Commands { get; set; } = default!;

    [Inject]
    private IOptions<RunOptions> Limits { get; set; } = default!;

    /// <inheritdoc />
    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override void OnParametersSet() => Rebuild();

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focusNote)
        {
            _focusNote = false;
            await _noteBox.FocusAsync();
        }
    }

    private static string Tone(Status? status) => status switch
    {
        Status.Running => "running",
        Status.NeedsPerson => "person",
        Status.Done => "done",
        Status.Failed => "failed",
        Status.Cancelled => "cancelled",
        _ => "waiting",
    };

    // Where in its run a step lies: a small waterfall.
    private static string Bar(TimelineEntry entry)
    {
        if (entry is not { Run: { } run, OffsetMs: { } offset })
        {
            return "left:0;width:100%";
        }

        var start = Math.Clamp(offset / run.TotalMs, 0, 0.96);
        var width = Math.Clamp((entry.DurationMs ?? (run.TotalMs - offset)) / run.TotalMs, 0.04, 1 - start);
        return string.Create(CultureInfo.InvariantCulture, $"left:{start * 100:0.#}%;width:{width * 100:0.#}%");
    }

    private void Rebuild() => _rows = Open.Timeline.Rows(_filter);

    private string Selected(SessionEvent e) => e.Sequence == _selected?.Sequence ? "selected" : "";

    private void Select(SessionEvent e) => _selected = e.Sequence == _selected?.Sequence ? null : e;

    private void Press(TimelineEntry entry)
    {
        if (entry.IsStep)
        {
            entry.Open = !entry.Open;
            Rebuild();
        }
        else
        {
            Select(entry.First);
        }
    }

    private void ToggleNote()
    {
        (_noting, _focusNote, _noteProblem) = (!_noting, !_noting, null);
        // The same words sent twice, by a broken line or a double press, are one note.
        _noteKey = Guid.NewGuid().ToString("N");
    }

    private async Task NoteAsync()
    {
        var added = await Commands.AddNoteAsync(new AddNote(Open.Id, _note) { Key = new RequestKey(_noteKey!) }, Person!.Actor, _leaving.Token);
        _noteProblem = added.Error?.Message;
        if (added.Ok)
        {
            (_noting, _note) = (false, "");
            await Browser.AnnounceAsync("The note is in the log");
        }
    }

    private Task OlderAsync() => Open.LoadOlderEventsAsync(_leaving.Token);

    private async Task CopyAsync()
    {
        var events = Open.Timeline.Entries.Where(entry => entry.Fits(_filter)).SelectMany(entry => entry.Events)
            .OrderBy(e => e.Sequence).Select(e => new EncodedEvent(e).ToString());
        using var document = JsonDocument.Parse($"[{string.Join(',', events)}]");
        await Browser.CopyAsync(PrettyJson.Indent(document.RootElement), _leaving.Token);
    }
}

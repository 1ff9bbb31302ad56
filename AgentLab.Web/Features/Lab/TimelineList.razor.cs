using System.Globalization;
using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Web.Features.Lab.View;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Lab;

/// <summary>The session's steps and events as rows, drawn only where they are looked at.</summary>
public sealed partial class TimelineList : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private List<TimelineRow> _rows = [];
    private TimelineFilter _filter;
    private SessionEvent? _selected;

    [Parameter, EditorRequired]
    public OpenSession Open { get; set; } = default!;

    [Inject]
    private Browser Browser { get; set; } = default!;

    /// <inheritdoc />
    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override void OnParametersSet() => Rebuild();

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

    private Task OlderAsync() => Open.LoadOlderEventsAsync(_leaving.Token);

    private async Task CopyAsync()
    {
        var events = Open.Timeline.Entries.Where(entry => entry.Fits(_filter)).SelectMany(entry => entry.Events)
            .OrderBy(e => e.Sequence).Select(e => new EncodedEvent(e).ToString());
        using var document = JsonDocument.Parse($"[{string.Join(',', events)}]");
        await Browser.CopyAsync(PrettyJson.Indent(document.RootElement), _leaving.Token);
    }
}

using System.Text;
using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Core.Workflows.Builder;

/// <summary>Reads what the builder's session says of one run: the draft that was shown, and what the tool calls did since.</summary>
internal sealed class BuilderLog(ISessionReader reader, IWorkflowRules rules)
{
    private const int PageSize = 2_000;

    private static readonly string[] RunTypes =
    [
        EventCatalog.Of<WorkflowShown>().Type, EventCatalog.Of<ToolRequested>().Type, EventCatalog.Of<ToolCompleted>().Type, EventCatalog.Of<ToolFailed>().Type,
        EventCatalog.Of<ModelCompleted>().Type, EventCatalog.Of<RunCompleted>().Type, EventCatalog.Of<RunFailed>().Type, EventCatalog.Of<RunCancelled>().Type,
    ];

    /// <summary>The run as its events tell it; null when no workflow was shown to it.</summary>
    public async Task<BuilderFold?> ReadAsync(SessionId session, RunId run, long after, CancellationToken cancellationToken)
    {
        var fold = new BuilderFold(rules);
        var position = after;
        while (true)
        {
            var page = await reader.ReadAsync(session, position, long.MaxValue, PageSize, RunTypes, descending: false, cancellationToken);
            foreach (var e in page)
            {
                position = e.Sequence;
                if (e.RunId == run)
                {
                    fold.Apply(e, await WholeAsync(session, e.Data, cancellationToken));
                }
            }

            if (page.Count < PageSize)
            {
                return fold.Shown is null ? null : fold;
            }
        }
    }

    /// <summary>The copy that a tool call works on: the draft with what the calls before it did. Null when this is no session of the builder.</summary>
    /// <param name="session">The session.</param>
    /// <param name="run">The run.</param>
    /// <param name="before">The step of the call.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<BuilderCopy?> CopyAsync(SessionId session, RunId run, string before, CancellationToken cancellationToken)
    {
        var shown = await reader.ReadAsync(session, 0, long.MaxValue, 1, [EventCatalog.Of<WorkflowShown>().Type], descending: true, cancellationToken);
        return shown.Count > 0 && shown[0].RunId == run && await ReadAsync(session, run, shown[0].Sequence - 1, cancellationToken) is { } fold
            ? fold.Copy(before)
            : null;
    }

    private async Task<string?> WholeAsync(SessionId session, EventData? data, CancellationToken cancellationToken)
    {
        var content = data switch
        {
            WorkflowShown shown => shown.Definition,
            ToolCompleted completed => completed.Result,
            ModelCompleted answer => answer.Answer,
            _ => null,
        };
        return content?.Blob is { } hash && await reader.BlobAsync(session, hash, cancellationToken) is { } blob
            ? Encoding.UTF8.GetString(blob.Content.Span)
            : content?.Text;
    }
}

/// <summary>The copy of a draft that the tools change.</summary>
/// <param name="Workflow">The workflow.</param>
/// <param name="Revision">The draft's revision.</param>
/// <param name="Selection">What was selected.</param>
/// <param name="Shown">The draft as it was shown.</param>
/// <param name="Graph">The draft with what was done so far.</param>
internal sealed record BuilderCopy(Guid Workflow, long Revision, IReadOnlyList<string> Selection, WorkflowDefinition Shown, WorkflowDefinition Graph);

/// <summary>
/// One run of the builder, folded from its events: a process that starts again in its midst comes to the same copy. Calls count in the order of their steps, which is the
/// order in which they were made, whatever order their ends were recorded in.
/// </summary>
internal sealed class BuilderFold(IWorkflowRules rules)
{
    private readonly SortedDictionary<(int Answer, int Call), Step> _steps = [];
    private IReadOnlyList<string> _selection = [];
    private Guid _workflow;

    /// <summary>The draft as it was shown.</summary>
    public WorkflowDefinition? Shown { get; private set; }

    /// <summary>Its revision.</summary>
    public long Revision { get; private set; }

    /// <summary>The newest words of the model.</summary>
    public string Text { get; private set; } = string.Empty;

    /// <summary>The newest model answer.</summary>
    public ModelCompleted? LastAnswer { get; private set; }

    /// <summary>How the run ended; null while it goes on.</summary>
    public EventData? End { get; private set; }

    /// <summary>The calls, in order.</summary>
    public IEnumerable<Step> Steps => _steps.Values;

    /// <summary>Takes in an event of the run.</summary>
    /// <param name="e">The event.</param>
    /// <param name="whole">The whole text of what it refers to.</param>
    public void Apply(SessionEvent e, string? whole)
    {
        switch (e.Data)
        {
            case WorkflowShown shown:
                Shown = JsonSerializer.Deserialize(whole!, WorkflowJson.Compact.WorkflowDefinition);
                (_workflow, Revision, _selection) = (shown.Workflow, shown.Revision, shown.Selection);
                break;
            case ModelCompleted answer:
                (LastAnswer, Text) = (answer, whole!.Length > 0 ? whole : Text);
                break;
            case RunCompleted or RunFailed or RunCancelled:
                End = e.Data;
                break;
            case ToolRequested or ToolCompleted or ToolFailed when PlaceOf(e.StepId) is { } place:
                ApplyTool(place, e.Data, whole);
                break;
        }
    }

    /// <summary>The draft with what the calls before this step did; all calls for null.</summary>
    public BuilderCopy Copy(string? before = null)
    {
        var limit = PlaceOf(before) ?? (int.MaxValue, int.MaxValue);
        var graph = Shown!;
        foreach (var (place, step) in _steps)
        {
            if (place.CompareTo(limit) < 0 && step.Result?.Operations is { Count: > 0 } operations && rules.Apply(graph, operations) is { Ok: true } next)
            {
                graph = next.Value;
            }
        }

        return new BuilderCopy(_workflow, Revision, _selection, Shown!, graph);
    }

    private void ApplyTool((int, int) place, EventData data, string? whole)
    {
        var step = _steps.GetValueOrDefault(place);
        _steps[place] = data switch
        {
            ToolRequested requested => new Step(requested.Tool, requested.Arguments, null, null),
            ToolCompleted completed => (step ?? new Step(completed.Tool, default, null, null)) with { Result = EditResult.Read(whole!), Error = null },
            ToolFailed failed => (step ?? new Step(failed.Tool, default, null, null)) with { Error = failed.Message },
            _ => step!,
        };
    }

    /// <summary>tool[2.10] is (2, 10): as texts, call 10 would come before call 9.</summary>
    private static (int, int)? PlaceOf(string? stepId)
    {
        if (stepId is null || !stepId.StartsWith("tool[", StringComparison.Ordinal) || !stepId.EndsWith(']'))
        {
            return null;
        }

        var parts = stepId[5..^1].Split('.');
        return parts.Length == 2 && int.TryParse(parts[0], out var answer) && int.TryParse(parts[1], out var call) ? (answer, call) : null;
    }

    /// <summary>A call.</summary>
    /// <param name="Tool">The tool.</param>
    /// <param name="Arguments">Its arguments.</param>
    /// <param name="Result">What it did, when it did something.</param>
    /// <param name="Error">Why it did not work.</param>
    public sealed record Step(string Tool, JsonElement Arguments, EditResult? Result, string? Error);
}

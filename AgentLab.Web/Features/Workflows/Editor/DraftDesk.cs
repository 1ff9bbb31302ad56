using AgentLab.Core;
using AgentLab.Core.Identity;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Web.Features.Workflows.Editor;

/// <summary>A change of the draft that this page has seen.</summary>
/// <param name="Revision">The draft's revision with it.</param>
/// <param name="Label">What it was called.</param>
/// <param name="By">Who made it; null when that is not known.</param>
/// <param name="Mine">It was made here.</param>
/// <param name="At">When it came.</param>
public sealed record DeskChange(long Revision, string Label, Guid? By, bool Mine, DateTimeOffset At);

/// <summary>What the canvas must do after something happened to the draft.</summary>
public enum DeskNews
{
    /// <summary>Nothing: it knows, or it does not concern the graph.</summary>
    None,

    /// <summary>Take the operations in.</summary>
    Apply,

    /// <summary>Show the draft anew: it must be read again first.</summary>
    Reload,
}

/// <summary>
/// The draft as one page has it: the newest definition that it knows, its revision, what is wrong with it. The canvas, the inspector and the panels commit
/// through it, and what others commit comes in here.
/// </summary>
public sealed class DraftDesk(IWorkflowStore store, IWorkflowRules rules, TimeProvider time, Workflow workflow)
{
    private const int MostChanges = 200;

    private readonly HashSet<Guid> _own = [];
    private readonly List<DeskChange> _changes = [];
    private IReadOnlyList<WorkflowProblem>? _problems;

    /// <summary>The workflow as lists show it, as of the last reading or commit.</summary>
    public WorkflowSummary Summary { get; private set; } = workflow.Summary;

    /// <summary>The draft.</summary>
    public WorkflowDefinition Definition { get; private set; } = workflow.Draft;

    /// <summary>Its revision.</summary>
    public long Revision { get; private set; } = workflow.Revision;

    /// <summary>What was done to the draft lately, newest first.</summary>
    public IReadOnlyList<DeskChange> Changes => _changes;

    /// <summary>What is wrong with the draft, errors first.</summary>
    public IReadOnlyList<WorkflowProblem> Problems => _problems ??= rules.Validate(Definition);

    /// <summary>The node with this id.</summary>
    public WorkflowNode? Node(string? id) => id is null ? null : Definition.Nodes.FirstOrDefault(node => node.Id == id);

    /// <summary>Takes in what was done before this page was opened, oldest first.</summary>
    public void Recall(IReadOnlyList<DraftChange> earlier, Guid me)
    {
        var known = _changes.Select(change => change.Revision).ToHashSet();
        _changes.AddRange(earlier.Where(change => !known.Contains(change.Revision)).Select(change => new DeskChange(change.Revision, change.Label, change.By, change.By == me, change.At)));
        _changes.Sort((one, other) => other.Revision.CompareTo(one.Revision));
    }

    /// <summary>Commits a gesture that was made on <paramref name="baseRevision"/>. A refused one changes nothing here.</summary>
    public async Task<Outcome<DraftCommit>> CommitAsync(
        long baseRevision, Guid gesture, string label, IReadOnlyList<WorkflowOperation> operations, Actor actor, CancellationToken ct)
    {
        _own.Add(gesture);
        var outcome = await store.CommitAsync(Summary.Id, baseRevision, gesture, label, operations, actor, ct);
        if (outcome.Ok)
        {
            Put(outcome.Value.Revision, outcome.Value.Definition);
            Note(outcome.Value.Revision, label, actor.UserId, mine: true);
        }

        return outcome;
    }

    /// <summary>Takes in the workflow as it was just read or as a command answered with it.</summary>
    public void Take(Workflow workflow)
    {
        Summary = workflow.Summary;
        if (workflow.Revision >= Revision)
        {
            Put(workflow.Revision, workflow.Draft);
        }
    }

    /// <summary>Takes in what the room tells; says what the canvas must do.</summary>
    public DeskNews Take(RoomChange change)
    {
        if (change.Gesture is { } gesture && _own.Contains(gesture))
        {
            return DeskNews.None;
        }

        switch (change.Kind)
        {
            case "committed":
                Note(change.Revision, change.Label, change.By, mine: false);
                return TakeOperations(change);
            case "replaced":
                Note(change.Revision, change.Label.Length > 0 ? change.Label : "Replaced the draft", change.By, mine: false);
                return change.Revision > Revision ? DeskNews.Reload : DeskNews.None;
            case "published":
                return DeskNews.Reload;
            default:
                return DeskNews.None;
        }
    }

    private DeskNews TakeOperations(RoomChange change)
    {
        if (change.Revision <= Revision)
        {
            return DeskNews.Apply;
        }

        if (change.Revision == Revision + 1 && rules.Apply(Definition, change.Operations) is { Ok: true } applied)
        {
            Put(change.Revision, applied.Value);
            return DeskNews.Apply;
        }

        return DeskNews.Reload;
    }

    private void Put(long revision, WorkflowDefinition definition)
    {
        if (revision < Revision)
        {
            return;
        }

        (Revision, Definition, _problems) = (revision, definition, null);
        Summary = Summary with
        {
            Name = definition.Name,
            Description = definition.Description,
            Tags = definition.Tags,
            Nodes = definition.Nodes.Count,
            Revision = revision,
            HasChanges = Summary.HasChanges || revision > workflow.Revision,
        };
    }

    private void Note(long revision, string label, Guid? by, bool mine)
    {
        _changes.Insert(0, new DeskChange(revision, label, by, mine, time.GetUtcNow()));
        if (_changes.Count > MostChanges)
        {
            _changes.RemoveAt(MostChanges);
        }
    }
}

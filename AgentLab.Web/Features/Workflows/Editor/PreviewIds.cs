using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Web.Features.Workflows.Editor;

/// <summary>The ids that a difference adds, changes and removes, as the canvas marks them.</summary>
public sealed record PreviewIds(IReadOnlyList<string> Added, IReadOnlyList<string> Changed, IReadOnlyList<string> Removed)
{
    /// <summary>Nothing is marked.</summary>
    public static PreviewIds None { get; } = new([], [], []);

    /// <summary>Reads them out of a difference.</summary>
    public static PreviewIds Of(IReadOnlyList<WorkflowOperation> difference, WorkflowDefinition before)
    {
        var (added, changed, removed) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var operation in difference)
        {
            switch (operation)
            {
                case AddNode add:
                    added.Add(add.Node.Id);
                    break;
                case AddEdge add:
                    added.Add(add.Edge.Id);
                    break;
                case SetNode set:
                    changed.Add(set.Node.Id);
                    break;
                case MoveNodes moves:
                    changed.AddRange(moves.Moves.Select(move => move.Id));
                    break;
                case RemoveNode remove:
                    removed.Add(remove.Id);
                    break;
                case RemoveEdge remove:
                    removed.Add(remove.Id);
                    break;
                case SetGroup set:
                    (before.Groups.Any(group => group.Id == set.Group.Id) ? changed : added).Add(set.Group.Id);
                    break;
                case RemoveGroup remove:
                    removed.Add(remove.Id);
                    break;
                case SetNote set:
                    (before.Notes.Any(note => note.Id == set.Note.Id) ? changed : added).Add(set.Note.Id);
                    break;
                case RemoveNote remove:
                    removed.Add(remove.Id);
                    break;
            }
        }

        return new PreviewIds([.. added.Distinct()], [.. changed.Distinct().Except(added)], [.. removed.Distinct().Except(added)]);
    }
}

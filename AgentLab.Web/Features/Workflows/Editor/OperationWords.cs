using System.Text.Json;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Web.Features.Workflows.Editor;

/// <summary>Changes of a definition in words: what a diff and the history say.</summary>
internal static class OperationWords
{
    /// <summary>One change as a line.</summary>
    /// <param name="Sign"><c>+</c>, <c>-</c> or <c>~</c>.</param>
    /// <param name="Text">What it is.</param>
    /// <param name="Target">The id that it is about, to be shown on the canvas.</param>
    public sealed record Line(string Sign, string Text, string? Target);

    /// <summary>The lines of a difference, moves gathered into one.</summary>
    public static IReadOnlyList<Line> Of(IReadOnlyList<WorkflowOperation> operations, WorkflowDefinition from, WorkflowDefinition to) =>
        [.. operations.Select(operation => Of(operation, from, to))];

    private static Line Of(WorkflowOperation operation, WorkflowDefinition from, WorkflowDefinition to) => operation switch
    {
        AddNode add => new("+", $"Added {add.Node.Name} ({add.Node.Kind})", add.Node.Id),
        SetNode set => new("~", Changed(from.Nodes.FirstOrDefault(node => node.Id == set.Node.Id), set.Node), set.Node.Id),
        MoveNodes { Moves: [var one] } => new("~", $"Moved {NameOf(to, one.Id)}", one.Id),
        MoveNodes moves => new("~", $"Moved {moves.Moves.Count} nodes", null),
        RemoveNode remove => new("-", $"Removed {NameOf(from, remove.Id)}", remove.Id),
        AddEdge add => new("+", $"Connected {NameOf(to, add.Edge.From)}{PortOf(add.Edge)} with {NameOf(to, add.Edge.To)}", add.Edge.Id),
        RemoveEdge remove when from.Edges.FirstOrDefault(edge => edge.Id == remove.Id) is { } edge =>
            new("-", $"Disconnected {NameOf(from, edge.From)}{PortOf(edge)} from {NameOf(from, edge.To)}", edge.Id),
        RemoveEdge remove => new("-", "Disconnected", remove.Id),
        SetGroup set => new(from.Groups.Any(group => group.Id == set.Group.Id) ? "~" : "+", $"Group {set.Group.Name}", set.Group.Id),
        RemoveGroup remove => new("-", $"Group {from.Groups.FirstOrDefault(group => group.Id == remove.Id)?.Name}", remove.Id),
        SetNote set => new(from.Notes.Any(note => note.Id == set.Note.Id) ? "~" : "+", "Note", set.Note.Id),
        RemoveNote remove => new("-", "Note", remove.Id),
        SetWorkflow set => new("~", Head(from, set), null),
        _ => new("~", "Changed", null),
    };

    private static string NameOf(WorkflowDefinition definition, string id) => definition.Nodes.FirstOrDefault(node => node.Id == id)?.Name ?? id;

    private static string PortOf(WorkflowEdge edge) => edge.FromPort == "out" ? "" : $" ({edge.FromPort})";

    private static string Changed(WorkflowNode? before, WorkflowNode after)
    {
        if (before is null)
        {
            return $"Changed {after.Name}";
        }

        var parts = new List<string>();
        if (before.Name != after.Name)
        {
            parts.Add($"renamed to {after.Name}");
        }

        parts.AddRange(SettingsChanged(before.Settings, after.Settings));
        if (before.Disabled != after.Disabled)
        {
            parts.Add(after.Disabled ? "switched off" : "switched on");
        }

        if ((before.Pinned is null) != (after.Pinned is null))
        {
            parts.Add(after.Pinned is null ? "output no longer pinned" : "output pinned");
        }

        if (before.Retry != after.Retry || before.TimeoutSeconds != after.TimeoutSeconds || before.OnError != after.OnError)
        {
            parts.Add("what follows an error");
        }

        return parts.Count == 0 ? $"Changed {before.Name}" : $"Changed {before.Name}: {string.Join(", ", parts)}";
    }

    private static IEnumerable<string> SettingsChanged(JsonElement before, JsonElement after)
    {
        if (before.ValueKind != JsonValueKind.Object || after.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        foreach (var name in before.EnumerateObject().Concat(after.EnumerateObject()).Select(property => property.Name).Distinct())
        {
            var (had, old) = (before.TryGetProperty(name, out var one), one);
            var (has, now) = (after.TryGetProperty(name, out var other), other);
            if (had != has || (had && !JsonElement.DeepEquals(old, now)))
            {
                yield return name;
            }
        }
    }

    private static string Head(WorkflowDefinition from, SetWorkflow to)
    {
        var parts = new List<string>();
        if (from.Name != to.Name)
        {
            parts.Add($"name is now {to.Name}");
        }

        if (from.Description != to.Description)
        {
            parts.Add("description");
        }

        if (!from.Tags.SequenceEqual(to.Tags))
        {
            parts.Add("tags");
        }

        if (from.Input?.GetRawText() != to.Input?.GetRawText())
        {
            parts.Add("input");
        }

        if (from.Output?.GetRawText() != to.Output?.GetRawText())
        {
            parts.Add("output");
        }

        if (from.Limits != to.Limits)
        {
            parts.Add("limits");
        }

        return parts.Count == 0 ? "Settings of the workflow" : $"Settings of the workflow: {string.Join(", ", parts)}";
    }
}

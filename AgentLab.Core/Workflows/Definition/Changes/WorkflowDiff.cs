using System.Text.Json;

namespace AgentLab.Core.Workflows.Definition.Changes;

/// <summary>What happened to a part of a definition.</summary>
public enum DiffKind
{
    /// <summary>It is there now and was not.</summary>
    Added,

    /// <summary>It is there still, and other.</summary>
    Changed,

    /// <summary>It was there and is not.</summary>
    Removed,
}

/// <summary>A part of a definition that differs.</summary>
/// <param name="Part"><c>workflow</c>, <c>node</c>, <c>edge</c>, <c>group</c> or <c>note</c>.</param>
/// <param name="Id">Its id; empty for the workflow itself.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Fields">Which fields changed: <c>name</c>, <c>settings/url</c>, <c>position</c> …; empty when it was added or removed.</param>
public sealed record DiffItem(string Part, string Id, string Name, DiffKind Kind, IReadOnlyList<string> Fields);

/// <summary>A line of two files beside one another.</summary>
/// <param name="Sign"><c>+</c>, <c>-</c> or a blank for a line of both; <c>@</c> where lines are left out.</param>
/// <param name="Text">The line, without its end.</param>
/// <param name="OldLine">Its number in the old file, from 1; 0 when it is not there.</param>
/// <param name="NewLine">Its number in the new file, from 1; 0 when it is not there.</param>
public sealed record DiffLine(char Sign, string Text, int OldLine, int NewLine);

/// <summary>How two definitions differ: for the canvas by parts, for reading by lines.</summary>
/// <param name="Items">The workflow first, then nodes, edges, groups and notes, each in the order of the new definition, then what was removed.</param>
/// <param name="Lines">The files' lines with three around each change; empty when nothing differs.</param>
public sealed record WorkflowDiff(IReadOnlyList<DiffItem> Items, IReadOnlyList<DiffLine> Lines)
{
    /// <summary>Compares two definitions.</summary>
    public static WorkflowDiff Between(WorkflowDefinition from, WorkflowDefinition to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        return new WorkflowDiff(
            [
                .. HeadItem(from, to),
                .. Parts("node", from.Nodes, to.Nodes, node => node.Id, node => node.Name, NodeFields),
                .. Parts("edge", from.Edges, to.Edges, edge => edge.Id, edge => $"{edge.From} → {edge.To}", (one, other) => one == other ? [] : ["ends"]),
                .. Parts("group", from.Groups, to.Groups, group => group.Id, group => group.Name, GroupFields),
                .. Parts("note", from.Notes, to.Notes, note => note.Id, note => FirstLine(note.Text), NoteFields),
            ],
            LineDiff.Between(Written(from), Written(to)));
    }

    /// <summary>The lines as a unified diff that people and tools read; empty when nothing differs.</summary>
    public string Text() => string.Concat(Lines.Select(line => line.Sign == '@' ? $"{line.Text}\n" : $"{line.Sign}{line.Text}\n"));

    private static string[] Written(WorkflowDefinition definition) =>
        JsonSerializer.Serialize(definition, WorkflowJson.Readable.WorkflowDefinition).Split('\n');

    private static IEnumerable<DiffItem> HeadItem(WorkflowDefinition from, WorkflowDefinition to)
    {
        var fields = Named(
            ("name", from.Name == to.Name), ("description", from.Description == to.Description), ("tags", from.Tags.SequenceEqual(to.Tags, StringComparer.Ordinal)),
            ("input", Same.Json(from.Input, to.Input)), ("output", Same.Json(from.Output, to.Output)), ("limits", Same.Limits(from.Limits, to.Limits)));
        return fields.Count == 0 ? [] : [new DiffItem("workflow", string.Empty, to.Name, DiffKind.Changed, fields)];
    }

    private static IEnumerable<DiffItem> Parts<T>(
        string part, IReadOnlyList<T> from, IReadOnlyList<T> to, Func<T, string> id, Func<T, string> name, Func<T, T, IReadOnlyList<string>> fields)
        where T : class
    {
        var old = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var item in from)
        {
            old.TryAdd(id(item), item);
        }

        foreach (var now in to)
        {
            if (!old.Remove(id(now), out var was))
            {
                yield return new DiffItem(part, id(now), name(now), DiffKind.Added, []);
            }
            else if (fields(was, now) is { Count: > 0 } changed)
            {
                yield return new DiffItem(part, id(now), name(now), DiffKind.Changed, changed);
            }
        }

        foreach (var gone in from.Where(item => old.ContainsKey(id(item))))
        {
            yield return new DiffItem(part, id(gone), name(gone), DiffKind.Removed, []);
        }
    }

    private static IReadOnlyList<string> NodeFields(WorkflowNode one, WorkflowNode other) => Same.Node(one, other)
        ? []
        :
        [
            .. Named(("kind", one.Kind == other.Kind), ("name", one.Name == other.Name), ("position", Same.Place(one, other))),
            .. SettingFields(one.Settings, other.Settings),
            .. Named(
                ("disabled", one.Disabled == other.Disabled), ("pinned", Same.Json(one.Pinned, other.Pinned)), ("retry", Equals(one.Retry, other.Retry)),
                ("timeoutSeconds", one.TimeoutSeconds == other.TimeoutSeconds), ("onError", one.OnError == other.OnError), ("group", one.Group == other.Group),
                ("comment", one.Comment == other.Comment)),
        ];

    private static IEnumerable<string> SettingFields(JsonElement one, JsonElement other)
    {
        if (Same.Json(one, other))
        {
            return [];
        }

        if (one.ValueKind != JsonValueKind.Object || other.ValueKind != JsonValueKind.Object)
        {
            return ["settings"];
        }

        string[] changed =
        [
            .. other.EnumerateObject().Where(member => !one.TryGetProperty(member.Name, out var was) || !Same.Json(was, member.Value)).Select(member => $"settings/{member.Name}"),
            .. one.EnumerateObject().Where(member => !other.TryGetProperty(member.Name, out _)).Select(member => $"settings/{member.Name}"),
        ];
        return changed.Length > 0 ? changed : ["settings"];
    }

    private static IReadOnlyList<string> GroupFields(WorkflowGroup one, WorkflowGroup other) => Named(
        ("name", one.Name == other.Name), ("position", (one.X, one.Y, one.Width, one.Height) == (other.X, other.Y, other.Width, other.Height)), ("color", one.Color == other.Color));

    private static IReadOnlyList<string> NoteFields(WorkflowNote one, WorkflowNote other) => Named(
        ("text", one.Text == other.Text), ("position", (one.X, one.Y, one.Width, one.Height) == (other.X, other.Y, other.Width, other.Height)), ("color", one.Color == other.Color));

    private static List<string> Named(params ReadOnlySpan<(string Name, bool Same)> fields)
    {
        var changed = new List<string>();
        foreach (var (name, same) in fields)
        {
            if (!same)
            {
                changed.Add(name);
            }
        }

        return changed;
    }

    private static string FirstLine(string text)
    {
        var line = text.AsSpan().TrimStart("# \n");
        var end = line.IndexOf('\n');
        return (end < 0 ? line : line[..end]) is { Length: > 60 } longer ? $"{longer[..60]}…" : (end < 0 ? line : line[..end]).ToString();
    }
}

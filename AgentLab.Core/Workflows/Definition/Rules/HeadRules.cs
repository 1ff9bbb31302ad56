using System.Text.Json;
using AgentLab.Core.Schema;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Definition.Rules;

/// <summary>What belongs to the workflow as a whole: name, words, limits, input schema, groups and notes.</summary>
internal static class HeadRules
{
    public static void Check(ProblemList problems, ISettingsCompiler? compiler)
    {
        var definition = problems.Definition;
        if (definition.Format != WorkflowDefinition.CurrentFormat)
        {
            problems.Add("format", "format", $"This reads the format {WorkflowDefinition.CurrentFormat} alone.");
        }

        if (!WorkflowNames.IsName(definition.Name, WorkflowBounds.NameLength))
        {
            problems.Add("name", "name", $"A workflow's name has 1 to {WorkflowBounds.NameLength} characters on one line.");
        }

        if (!WorkflowNames.IsText(definition.Description, WorkflowBounds.DescriptionLength))
        {
            problems.Add("too_long", "description", $"A description has at most {WorkflowBounds.DescriptionLength:N0} characters.");
        }

        CheckTags(problems, definition.Tags);
        CheckLimits(problems, definition.Limits);
        CheckInput(problems, definition.Input);
        CheckOutput(problems, definition.Output, compiler);
        CheckGroups(problems, definition);
        CheckNotes(problems, definition);
    }

    private static void CheckTags(ProblemList problems, IReadOnlyList<string> tags)
    {
        if (tags.Count > WorkflowBounds.Tags)
        {
            problems.Add("too_many", "tags", $"A workflow has at most {WorkflowBounds.Tags} tags; there are {tags.Count}.");
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var tag in tags)
        {
            if (!WorkflowNames.IsName(tag, WorkflowBounds.TagLength))
            {
                problems.Add("tag", "tags", $"A tag has 1 to {WorkflowBounds.TagLength} characters on one line.");
            }
            else if (!seen.Add(tag))
            {
                problems.Add("tag", "tags", $"The tag \"{tag}\" is there twice: keep one.");
            }
        }
    }

    private static void CheckLimits(ProblemList problems, WorkflowLimits limits)
    {
        Bound(limits.Seconds is null or (>= 1 and <= WorkflowBounds.Seconds), "limits.seconds", $"A run may take 1 to {WorkflowBounds.Seconds:N0} seconds.");
        Bound(limits.Steps is null or (>= 1 and <= 1_000_000), "limits.steps", "A run may take 1 to 1,000,000 steps.");
        Bound(limits.Parallel is null or (>= 1 and <= 64), "limits.parallel", "1 to 64 nodes may run at the same time.");
        Bound(limits.Tokens is null or > 0, "limits.tokens", "The limit of tokens is at least 1, or empty for none.");
        Bound(limits.Cost is null or (> 0 and <= 1_000_000), "limits.cost", "The limit of cost is more than 0 and at most 1,000,000, or empty for none.");

        void Bound(bool sound, string field, string message)
        {
            if (!sound)
            {
                problems.Add("out_of_range", field, message);
            }
        }
    }

    private static void CheckInput(ProblemList problems, JsonElement? input)
    {
        if (input is not { } schema)
        {
            return;
        }

        if (JsonBounds.Look(schema) is { } fault)
        {
            problems.Add(fault.Code, "input" + fault.Field, fault.Message);
            return;
        }

        var faults = JsonSchema.Unsupported(schema);
        foreach (var wrong in faults)
        {
            problems.Add("input_schema", "input" + wrong.Field, $"The schema's {wrong.Place} {wrong.Message}.");
        }

        if (faults.Count == 0 && schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type", out var type)
            && !(type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Any(one => one.ValueEquals("object")) : type.ValueEquals("object")))
        {
            problems.Add("input_schema", "input/type", "A workflow's input is an object: set \"type\" to \"object\".");
        }
    }

    private static void CheckOutput(ProblemList problems, JsonElement? output, ISettingsCompiler? compiler)
    {
        if (output is not { } mapping)
        {
            return;
        }

        if (JsonBounds.Look(mapping) is { } fault)
        {
            problems.Add(fault.Code, "output" + fault.Field, fault.Message);
            return;
        }

        try
        {
            compiler?.CompileValue(mapping);
        }
        catch (ExpressionException wrong)
        {
            problems.Add(wrong.Code, "output" + wrong.Field, wrong.Message);
        }
    }

    private static void CheckGroups(ProblemList problems, WorkflowDefinition definition)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in definition.Groups)
        {
            CheckBox(problems, "groups", "group", group.Id, ids, (group.X, group.Y, group.Width, group.Height, group.Color));
            if (!WorkflowNames.IsName(group.Name, WorkflowBounds.NameLength))
            {
                problems.Add("name", $"groups.{WorkflowNames.Short(group.Id)}", $"A group's name has 1 to {WorkflowBounds.NameLength} characters on one line.");
            }
        }

        for (var node = 0; node < definition.Nodes.Count; node++)
        {
            if (definition.Nodes[node].Group is { } group && !ids.Contains(group))
            {
                problems.Add(
                    node, "unknown_group", "group", $"There is no group \"{WorkflowNames.Short(group)}\": take the node out of it.",
                    ProblemSeverity.Warning, new SetNode(definition.Nodes[node] with { Group = null }));
            }
        }
    }

    private static void CheckNotes(ProblemList problems, WorkflowDefinition definition)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var note in definition.Notes)
        {
            CheckBox(problems, "notes", "note", note.Id, ids, (note.X, note.Y, note.Width, note.Height, note.Color));
            if (!WorkflowNames.IsText(note.Text, WorkflowBounds.NoteLength))
            {
                problems.Add("too_long", $"notes.{WorkflowNames.Short(note.Id)}", $"A note has at most {WorkflowBounds.NoteLength:N0} characters.");
            }
        }
    }

    private static void CheckBox(
        ProblemList problems, string list, string what, string id, HashSet<string> ids, (double X, double Y, double Width, double Height, string Color) box)
    {
        var field = $"{list}.{WorkflowNames.Short(id)}";
        if (!WorkflowNames.IsId(id))
        {
            problems.Add("id", list, $"A {what}'s id is a letter, then letters, digits and _, at most {WorkflowBounds.IdLength}.");
        }
        else if (!ids.Add(id))
        {
            problems.Add("id_taken", field, $"Two {what}s have the id \"{id}\": rename one.");
        }

        if (!(Math.Abs(box.X) <= WorkflowBounds.Coordinate && Math.Abs(box.Y) <= WorkflowBounds.Coordinate
            && box.Width is > 0 and <= WorkflowBounds.Coordinate && box.Height is > 0 and <= WorkflowBounds.Coordinate))
        {
            problems.Add("out_of_range", field, $"The {what} lies too far out or has no size: draw it anew.");
        }

        if (!WorkflowBounds.Colors.Contains(box.Color))
        {
            problems.Add("color", field, $"A color is one of {string.Join(", ", WorkflowBounds.Colors)}.");
        }
    }
}

using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentLab.Core.Workflows.Definition.Changes;

/// <summary>Field by field: the side that changed it wins; where both did, to different things, theirs stays and the field is named.</summary>
internal static class FieldMerge
{
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static WorkflowNode Node(WorkflowNode basis, WorkflowNode theirs, WorkflowNode mine, List<string> conflicts)
    {
        var place = Pick((basis.X, basis.Y), (theirs.X, theirs.Y), (mine.X, mine.Y), "position", conflicts);
        return theirs with
        {
            Kind = Pick(basis.Kind, theirs.Kind, mine.Kind, "kind", conflicts),
            Name = Pick(basis.Name, theirs.Name, mine.Name, "name", conflicts),
            X = place.X,
            Y = place.Y,
            Settings = Settings(basis.Settings, theirs.Settings, mine.Settings, conflicts),
            Disabled = Pick(basis.Disabled, theirs.Disabled, mine.Disabled, "disabled", conflicts),
            Pinned = PickJson(basis.Pinned, theirs.Pinned, mine.Pinned, "pinned", conflicts),
            Retry = Pick(basis.Retry, theirs.Retry, mine.Retry, "retry", conflicts),
            TimeoutSeconds = Pick(basis.TimeoutSeconds, theirs.TimeoutSeconds, mine.TimeoutSeconds, "timeoutSeconds", conflicts),
            OnError = Pick(basis.OnError, theirs.OnError, mine.OnError, "onError", conflicts),
            Group = Pick(basis.Group, theirs.Group, mine.Group, "group", conflicts),
            Comment = Pick(basis.Comment, theirs.Comment, mine.Comment, "comment", conflicts),
        };
    }

    public static WorkflowEdge Edge(WorkflowEdge basis, WorkflowEdge theirs, WorkflowEdge mine, List<string> conflicts) => Pick(basis, theirs, mine, "ends", conflicts);

    public static WorkflowGroup Group(WorkflowGroup basis, WorkflowGroup theirs, WorkflowGroup mine, List<string> conflicts)
    {
        var box = Pick(
            (basis.X, basis.Y, basis.Width, basis.Height), (theirs.X, theirs.Y, theirs.Width, theirs.Height), (mine.X, mine.Y, mine.Width, mine.Height), "position", conflicts);
        return new WorkflowGroup(
            theirs.Id, Pick(basis.Name, theirs.Name, mine.Name, "name", conflicts), box.X, box.Y, box.Width, box.Height,
            Pick(basis.Color, theirs.Color, mine.Color, "color", conflicts));
    }

    public static WorkflowNote Note(WorkflowNote basis, WorkflowNote theirs, WorkflowNote mine, List<string> conflicts)
    {
        var box = Pick(
            (basis.X, basis.Y, basis.Width, basis.Height), (theirs.X, theirs.Y, theirs.Width, theirs.Height), (mine.X, mine.Y, mine.Width, mine.Height), "position", conflicts);
        return new WorkflowNote(
            theirs.Id, Pick(basis.Text, theirs.Text, mine.Text, "text", conflicts), box.X, box.Y, box.Width, box.Height,
            Pick(basis.Color, theirs.Color, mine.Color, "color", conflicts));
    }

    /// <summary>What belongs to the workflow as a whole, and the fields that both changed.</summary>
    public static (WorkflowDefinition Head, IReadOnlyList<string> Conflicts) Head(WorkflowDefinition basis, WorkflowDefinition theirs, WorkflowDefinition mine)
    {
        var conflicts = new List<string>();
        var head = theirs with
        {
            Name = Pick(basis.Name, theirs.Name, mine.Name, "name", conflicts),
            Description = Pick(basis.Description, theirs.Description, mine.Description, "description", conflicts),
            Tags = Pick(basis.Tags, theirs.Tags, mine.Tags, "tags", conflicts, (one, other) => one.SequenceEqual(other, StringComparer.Ordinal)),
            Input = PickJson(basis.Input, theirs.Input, mine.Input, "input", conflicts),
            Output = PickJson(basis.Output, theirs.Output, mine.Output, "output", conflicts),
            Limits = Pick(basis.Limits, theirs.Limits, mine.Limits, "limits", conflicts, Same.Limits),
        };
        return (head, conflicts);
    }

    private static T Pick<T>(T basis, T theirs, T mine, string field, List<string> conflicts, Func<T, T, bool>? same = null)
    {
        same ??= EqualityComparer<T>.Default.Equals;
        if (same(mine, basis) || same(mine, theirs))
        {
            return theirs;
        }

        if (!same(theirs, basis))
        {
            conflicts.Add(field);
            return theirs;
        }

        return mine;
    }

    private static JsonElement? PickJson(JsonElement? basis, JsonElement? theirs, JsonElement? mine, string field, List<string> conflicts) =>
        Pick(basis, theirs, mine, field, conflicts, Same.Json);

    /// <summary>Setting by setting; in the order of theirs, then what is new in mine.</summary>
    private static JsonElement Settings(JsonElement basis, JsonElement theirs, JsonElement mine, List<string> conflicts)
    {
        if (Same.Json(mine, basis) || Same.Json(mine, theirs))
        {
            return theirs;
        }

        if (Same.Json(theirs, basis))
        {
            return mine;
        }

        if (basis.ValueKind != JsonValueKind.Object || theirs.ValueKind != JsonValueKind.Object || mine.ValueKind != JsonValueKind.Object)
        {
            conflicts.Add("settings");
            return theirs;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Written))
        {
            writer.WriteStartObject();
            foreach (var name in theirs.EnumerateObject().Concat(mine.EnumerateObject()).Select(property => property.Name).Distinct(StringComparer.Ordinal))
            {
                if (PickJson(Member(basis, name), Member(theirs, name), Member(mine, name), $"settings/{name}", conflicts) is { } value)
                {
                    writer.WritePropertyName(name);
                    value.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static JsonElement? Member(JsonElement value, string name) => value.TryGetProperty(name, out var member) ? member : null;
}

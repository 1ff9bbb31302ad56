using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentLab.Core.Workflows.Definition.Changes;

/// <summary>Whether two parts of definitions are written alike. Records compare JSON values by where they lie in memory, which says nothing.</summary>
internal static class Same
{
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static bool Json(JsonElement? one, JsonElement? other)
    {
        if (one is not { } left || other is not { } right || left.ValueKind == JsonValueKind.Undefined || right.ValueKind == JsonValueKind.Undefined)
        {
            return one?.ValueKind == other?.ValueKind;
        }

        return left.ValueKind == right.ValueKind
            && (JsonMarshal.GetRawUtf8Value(left).SequenceEqual(JsonMarshal.GetRawUtf8Value(right)) || Bytes(left).AsSpan().SequenceEqual(Bytes(right)));
    }

    public static bool Place(WorkflowNode one, WorkflowNode other) => one.X.Equals(other.X) && one.Y.Equals(other.Y);

    /// <summary>But for where they stand.</summary>
    public static bool Content(WorkflowNode one, WorkflowNode other) => ReferenceEquals(one, other)
        || (one.Id == other.Id && one.Kind == other.Kind && one.Name == other.Name && one.Disabled == other.Disabled && one.TimeoutSeconds == other.TimeoutSeconds
            && one.OnError == other.OnError && one.Group == other.Group && one.Comment == other.Comment && Equals(one.Retry, other.Retry)
            && Json(one.Settings, other.Settings) && Json(one.Pinned, other.Pinned));

    public static bool Node(WorkflowNode one, WorkflowNode other) => ReferenceEquals(one, other) || (Place(one, other) && Content(one, other));

    public static bool Limits(WorkflowLimits one, WorkflowLimits other) =>
        one == other && one.Cost?.ToString(CultureInfo.InvariantCulture) == other.Cost?.ToString(CultureInfo.InvariantCulture);

    public static bool Head(WorkflowDefinition one, WorkflowDefinition other) =>
        one.Name == other.Name && one.Description == other.Description && one.Tags.SequenceEqual(other.Tags, StringComparer.Ordinal)
        && Json(one.Input, other.Input) && Json(one.Output, other.Output) && Limits(one.Limits, other.Limits);

    private static byte[] Bytes(JsonElement element)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Written))
        {
            element.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }
}

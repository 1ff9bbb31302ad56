using System.Text.Json.Nodes;
using System.Text.Json;
using System.Globalization;
using System.Text;
using AgentLab.Core.Schema;
using AgentLab.Core.Workflows.Definition.Rules;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Definition.Files;

/// <inheritdoc cref="IWorkflowFiles"/>
internal sealed class WorkflowFiles(INodeKinds kinds, KindSchemas schemas, IWorkflowRules rules) : IWorkflowFiles
{
    private const int MostErrors = 50;

    // A file may be what somebody is still drawing: these wait for publishing.
    private static readonly HashSet<string> Incomplete = new(StringComparer.Ordinal) { "no_trigger", "input_missing", "merge_count", "chat_twice", "loop_body", "port_type" };

    private const int MostNamed = 10;

    private static readonly string[] Annotations = ["$schema", "$comment"];

    private readonly Lazy<string> _schema = new(() => FileSchema.Document(kinds));

    public string Write(WorkflowDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var safe = definition with { Nodes = [.. definition.Nodes.Select(WithoutSecrets)] };
        var file = JsonSerializer.Serialize(safe, WorkflowJson.Readable.WorkflowDefinition) + "\n";
        return Pasted(safe) is { Count: > 0 } fields ? WithComment(file, fields) : file;
    }

    public IReadOnlyList<string> Pasted(WorkflowDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return [.. PastedSecrets.Of(definition).Select(Field).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Whoever opens the file reads it first.</summary>
    private static string WithComment(string file, IReadOnlyList<string> fields)
    {
        var named = string.Join(", ", fields.Take(MostNamed)) + (fields.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {fields.Count - MostNamed} more") : string.Empty);
        var comment = JsonSerializer.Serialize($"Look before you share this file: it seems to hold keys or passwords, in {named}. Keep them as secrets.", WorkflowJson.Readable.String);
        return string.Concat("{\n  \"$comment\": ", comment, ",", file.AsSpan(1));
    }

    public Outcome<WorkflowDefinition> Read(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json.Length > WorkflowBounds.FileBytes || Encoding.UTF8.GetByteCount(json) > WorkflowBounds.FileBytes)
        {
            return Refuse("file", $"A workflow file has at most {WorkflowBounds.FileBytes / 1024 / 1024} MB.");
        }

        byte[] utf8;
        try
        {
            utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(json.TrimStart('\uFEFF'));
        }
        catch (EncoderFallbackException)
        {
            return Refuse("file", "The file holds half a character (a lone surrogate): save it anew as UTF-8.");
        }

        return JsonSoundness.Look(utf8) is { } unsound ? Refuse(Field(unsound.Field), unsound.Message) : ReadSound(utf8);
    }

    public string Schema() => _schema.Value;

    private Outcome<WorkflowDefinition> ReadSound(byte[] utf8)
    {
        var root = JsonElement.Parse(utf8, new JsonDocumentOptions { MaxDepth = WorkflowBounds.Depth });
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out var format) || !IsCurrent(format))
        {
            return Refuse("format", $"This is no workflow file: \"format\" must be \"{WorkflowDefinition.CurrentFormat}\".");
        }

        var shape = FileSchema.Shape.Check(root, SchemaUse.File, MostErrors);
        if (shape.Count > 0)
        {
            return Outcome<WorkflowDefinition>.Failure([.. shape.Select(fault => LabError.Invalid(Field(fault.Field), Named(root, fault)))]);
        }

        try
        {
            var definition = WithoutAnnotations(root).Deserialize(WorkflowJson.Readable.WorkflowDefinition)!;
            return Judge(definition);
        }
        catch (JsonException wrong)
        {
            // The shape lets nothing through that cannot be read but for numbers that fit no type of ours.
            return Refuse(wrong.Path ?? "file", "A value there cannot be read: compare it with docs/workflow.schema.json.");
        }
    }

    private Outcome<WorkflowDefinition> Judge(WorkflowDefinition definition)
    {
        LabError[] errors =
        [
            .. rules.Validate(definition)
                .Where(problem => problem.Severity == ProblemSeverity.Error && !Incomplete.Contains(problem.Code) && !IsIncomplete(problem))
                .Take(MostErrors)
                .Select(problem => LabError.Invalid(Field(problem), problem.Node is null ? problem.Message : $"Node \"{WorkflowNames.Short(problem.Node)}\": {problem.Message}")),
        ];
        return errors.Length > 0 ? Outcome<WorkflowDefinition>.Failure(errors) : Outcome<WorkflowDefinition>.Success(definition);
    }

    /// <summary>Settings and templates that are not right yet are let in, but for those of a wrong type, those that are not known and those that could not be looked at.</summary>
    private static bool IsIncomplete(WorkflowProblem problem) =>
        problem.Code is not ("setting_type" or "setting_unknown" or "setting_form")
        && (problem.Code.StartsWith("setting_", StringComparison.Ordinal) || problem.Code.StartsWith("template_", StringComparison.Ordinal)
            || (problem.Node is not null && problem.Field?.StartsWith('/') == true));

    private WorkflowNode WithoutSecrets(WorkflowNode node)
    {
        if (kinds.Find(node.Kind) is not { } kind || node.Settings.ValueKind != JsonValueKind.Object)
        {
            return node;
        }

        // A secret is named by an object, {"secret": "its name"}; a text in its place may be the secret itself.
        var secrets = schemas.Of(kind).Members
            .Where(member => member.Value.IsSecret && node.Settings.TryGetProperty(member.Key, out var value) && value.ValueKind != JsonValueKind.Object)
            .Select(member => member.Key)
            .ToArray();
        if (secrets.Length == 0)
        {
            return node;
        }

        var settings = JsonNode.Parse(node.Settings.GetRawText())!.AsObject();
        foreach (var secret in secrets)
        {
            settings.Remove(secret);
        }

        return node with { Settings = JsonElement.Parse(settings.ToJsonString(WorkflowJson.Compact.Options)) };
    }

    private static bool IsCurrent(JsonElement format) => format.ValueKind == JsonValueKind.String && format.ValueEquals(WorkflowDefinition.CurrentFormat);

    /// <summary>Editors find the schema by <c>$schema</c>, and people read <c>$comment</c>; they are no part of a definition.</summary>
    private static JsonElement WithoutAnnotations(JsonElement root)
    {
        if (!Annotations.Any(name => root.TryGetProperty(name, out _)))
        {
            return root;
        }

        var own = JsonNode.Parse(root.GetRawText())!.AsObject();
        foreach (var name in Annotations)
        {
            own.Remove(name);
        }

        return JsonElement.Parse(own.ToJsonString(WorkflowJson.Compact.Options));
    }

    private static string Named(JsonElement root, SchemaFault fault)
    {
        var parts = fault.Field.Split('/');
        return parts.Length > 2 && parts[1] == "nodes" && int.TryParse(parts[2], out var at) && root.GetProperty("nodes")[at] is { ValueKind: JsonValueKind.Object } node
            && node.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
            ? $"Node \"{WorkflowNames.Short(id.GetString())}\": {fault.Sentence}"
            : fault.Sentence;
    }

    private static string Field(string pointer) => pointer.Length == 0 ? "file" : pointer[1..];

    private static string Field(WorkflowProblem problem) => (problem.Node, problem.Field) switch
    {
        (null, var field) => field ?? "file",
        ({ } node, null) => $"nodes.{WorkflowNames.Short(node)}",
        ({ } node, ['/', ..] pointer) => $"nodes.{WorkflowNames.Short(node)}.settings{pointer}",
        ({ } node, var field) => $"nodes.{WorkflowNames.Short(node)}.{field}",
    };

    private static Outcome<WorkflowDefinition> Refuse(string field, string message) => Outcome<WorkflowDefinition>.Failure(LabError.Invalid(field, message));
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using AgentLab.Core.Schema;
using AgentLab.Core.Workflows.Definition.Files;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Definition.Rules;

/// <summary>What can be said of a node without looking at its neighbours. Remembered as long as the node object lives, so that a definition that changes in one place is looked at in one place.</summary>
internal sealed class NodeRules(INodeKinds kinds, KindSchemas schemas, ISettingsCompiler? compiler)
{
    private readonly ConditionalWeakTable<WorkflowNode, NodeFindings> _known = [];

    public NodeFindings Look(WorkflowNode node) => _known.GetValue(node, Find);

    private NodeFindings Find(WorkflowNode node)
    {
        var problems = new List<WorkflowProblem>();
        CheckFrame(node, problems);
        if (kinds.Find(node.Kind ?? string.Empty) is not { } kind)
        {
            problems.Add(new WorkflowProblem(
                "unknown_kind", $"There is no node kind \"{WorkflowNames.Short(node.Kind)}\" here: replace the node.", node.Id, "kind"));
            return new NodeFindings(problems, []);
        }

        if (node.TimeoutSeconds is not null && !kind.HasTimeout)
        {
            problems.Add(new WorkflowProblem(
                "timeout_unused", $"{kind.Description.Title} has no timeout: what is written here has no effect.", node.Id, "timeoutSeconds", ProblemSeverity.Warning,
                [new SetNode(node with { TimeoutSeconds = null })]));
        }

        var schema = schemas.Of(kind);
        if (!Sound(node, problems))
        {
            return new NodeFindings(problems, []);
        }

        problems.AddRange(PastedSecrets.Of(node));
        return new NodeFindings(problems, CheckSettings(node, kind, schema, problems) ? TemplateScan.Find(node.Settings, schema) : []);
    }

    private static void CheckFrame(WorkflowNode node, List<WorkflowProblem> problems)
    {
        if (!WorkflowNames.IsName(node.Name, WorkflowBounds.NameLength))
        {
            problems.Add(new WorkflowProblem("name", $"A node's name has 1 to {WorkflowBounds.NameLength} characters on one line.", node.Id, "name"));
        }

        if (node.Comment is not null && !WorkflowNames.IsText(node.Comment, WorkflowBounds.CommentLength))
        {
            problems.Add(new WorkflowProblem("too_long", $"A comment has at most {WorkflowBounds.CommentLength:N0} characters.", node.Id, "comment"));
        }

        if (!(Math.Abs(node.X) <= WorkflowBounds.Coordinate) || !(Math.Abs(node.Y) <= WorkflowBounds.Coordinate))
        {
            problems.Add(new WorkflowProblem("out_of_range", "The node lies too far out: move it nearer to the middle.", node.Id, "x", Mend: [new MoveNodes([new NodeMove(node.Id, 0, 0)])]));
        }

        if (node.TimeoutSeconds is < 1 or > WorkflowBounds.Seconds)
        {
            problems.Add(new WorkflowProblem(
                "out_of_range", $"The timeout must be 1 to {WorkflowBounds.Seconds:N0} seconds.", node.Id, "timeoutSeconds",
                Mend: [new SetNode(node with { TimeoutSeconds = Math.Clamp(node.TimeoutSeconds.Value, 1, WorkflowBounds.Seconds) })]));
        }

        if (node.Retry is { } retry)
        {
            CheckRetry(node, retry, problems);
        }
    }

    private static void CheckRetry(WorkflowNode node, NodeRetry retry, List<WorkflowProblem> problems)
    {
        if (retry.Attempts is < 1 or > 10)
        {
            problems.Add(new WorkflowProblem(
                "out_of_range", "A node is tried 1 to 10 times.", node.Id, "retry.attempts",
                Mend: [new SetNode(node with { Retry = retry with { Attempts = Math.Clamp(retry.Attempts, 1, 10) } })]));
        }

        if (!(retry.DelaySeconds is >= 0 and <= 3_600) || !(retry.MaxDelaySeconds is >= 0 and <= 3_600))
        {
            problems.Add(new WorkflowProblem("out_of_range", "Pauses between attempts are 0 to 3,600 seconds.", node.Id, "retry.delaySeconds"));
        }
    }

    /// <summary>Whether the node's JSON can be looked into at all.</summary>
    private static bool Sound(WorkflowNode node, List<WorkflowProblem> problems)
    {
        var before = problems.Count;
        foreach (var (value, field) in (ReadOnlySpan<(JsonElement?, string)>)[(node.Settings, "settings"), (node.Pinned, "pinned")])
        {
            if (value is { } json && JsonBounds.Look(json) is { } fault)
            {
                problems.Add(new WorkflowProblem(fault.Code, fault.Message, node.Id, field + fault.Field));
            }
        }

        if (problems.Count == before && node.Settings.ValueKind != JsonValueKind.Object)
        {
            problems.Add(new WorkflowProblem("setting_type", "Settings must be an object.", node.Id, "settings", Mend: [new SetNode(node with { Settings = JsonBounds.EmptyObject })]));
        }

        return problems.Count == before;
    }

    /// <summary>Whether the settings have the shape that the kind can read.</summary>
    private bool CheckSettings(WorkflowNode node, INodeKind kind, CompiledSchema schema, List<WorkflowProblem> problems)
    {
        var faults = schema.Check(node.Settings, SchemaUse.Settings);
        foreach (var fault in faults)
        {
            problems.Add(new WorkflowProblem($"setting_{fault.Code}", fault.Sentence, node.Id, fault.Field, Mend: SettingMend.For(node, schema, fault)));
        }

        if (faults.Any(fault => fault.Code is "type" or "form"))
        {
            return false;
        }

        var known = faults.Select(fault => fault.Field).ToHashSet(StringComparer.Ordinal);
        foreach (var fault in kind.Check(node.Settings))
        {
            if (known.Add(fault.Field))
            {
                problems.Add(new WorkflowProblem(fault.Code, fault.Message, node.Id, fault.Field));
            }
        }

        CheckTemplates(node, kind, problems);
        return true;
    }

    private void CheckTemplates(WorkflowNode node, INodeKind kind, List<WorkflowProblem> problems)
    {
        try
        {
            compiler?.Compile(node.Settings, kind.Description.Settings);
        }
        catch (ExpressionException wrong)
        {
            problems.Add(new WorkflowProblem(wrong.Code, wrong.Message, node.Id, wrong.Field ?? "settings"));
        }
    }
}

/// <summary>What was found in a node.</summary>
/// <param name="Problems">Its own problems.</param>
/// <param name="References">What its templates refer to.</param>
internal sealed record NodeFindings(IReadOnlyList<WorkflowProblem> Problems, IReadOnlyList<TemplateReference> References);

/// <summary>The settings schemas of the kinds, each compiled once.</summary>
internal sealed class KindSchemas
{
    private readonly ConditionalWeakTable<INodeKind, CompiledSchema> _known = [];

    public CompiledSchema Of(INodeKind kind) => _known.GetValue(kind, static one => CompiledSchema.Read(one.Description.Settings));
}

/// <summary>JSON values inside a definition: bounded and sound.</summary>
internal static class JsonBounds
{
    public static JsonElement EmptyObject { get; } = JsonElement.Parse("{}");

    public static PlacedFault? Look(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            return new PlacedFault(string.Empty, "setting_type", "A JSON value is missing.");
        }

        var raw = JsonMarshal.GetRawUtf8Value(value);
        return raw.Length > WorkflowBounds.SettingsBytes
            ? new PlacedFault(string.Empty, "too_large", $"It may take {WorkflowBounds.SettingsBytes / 1024} KB and takes {(raw.Length / 1024) + 1}: make it smaller.")
            : JsonSoundness.Look(raw);
    }
}

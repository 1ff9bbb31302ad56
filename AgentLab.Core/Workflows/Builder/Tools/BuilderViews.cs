using System.Text.Json;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Core.Workflows.Nodes.ActionBlocks;

namespace AgentLab.Core.Workflows.Builder.Tools;

/// <summary>What the builder's tools show of the workflow and of what there is to build with.</summary>
internal sealed class BuilderViews(IWorkflowRules rules, INodeKinds kinds)
{
    private const int SettingsCharacters = 400;
    private const int MostNodes = 400;
    private const int MostProblems = 40;
    private const int MostBlocks = 100;
    private const int BlockLine = 300;

    /// <summary>The workflow: all of it in short, or some nodes as they are.</summary>
    public JsonElement Look(BuilderCopy copy, LookArguments ask)
    {
        var graph = copy.Graph;
        if (ask.Nodes is { Count: > 0 } wanted)
        {
            var found = graph.Nodes.Where(node => wanted.Contains(node.Id, StringComparer.Ordinal)).ToList();
            return ToolJson.ToElement(new
            {
                nodes = found.Select(node => JsonSerializer.SerializeToElement(node, WorkflowJson.Compact.WorkflowNode)),
                unknown = wanted.Except(found.Select(node => node.Id), StringComparer.Ordinal).ToList(),
                edges = graph.Edges.Where(edge => found.Any(node => node.Id == edge.From || node.Id == edge.To)).Select(Drawn),
            });
        }

        return ToolJson.ToElement(new
        {
            name = graph.Name,
            description = graph.Description,
            selection = copy.Selection,
            input = graph.Input,
            output = graph.Output,
            nodeCount = graph.Nodes.Count,
            nodes = graph.Nodes.Take(MostNodes).Select(node => new
            {
                id = node.Id,
                kind = node.Kind,
                name = node.Name,
                disabled = node.Disabled ? true : (bool?)null,
                ports = kinds.Find(node.Kind)?.Outputs(node.Settings).Select(port => port.Name),
                settings = Shortened(node.Settings),
                x = node.X,
            }),
            edges = graph.Edges.Take(MostNodes * 2).Select(Drawn),
        });
    }

    /// <summary>Every kind in a line, and the team's action blocks.</summary>
    public JsonElement Kinds(IReadOnlyList<ActionBlock> blocks) => ToolJson.ToElement(new
    {
        kinds = kinds.All.Select(kind => kind.Description).Select(kind => new
        {
            kind = kind.Kind,
            title = kind.Title,
            group = kind.Group,
            summary = kind.Summary,
            trigger = kind.Role == NodeRole.Trigger ? true : (bool?)null,
            outputs = kind.Outputs.Select(port => port.Name),
            required = Required(kind.Settings),
            keywords = kind.Keywords,
        }),
        blocks = blocks.Take(MostBlocks).Select(block => new
        {
            name = block.Name,
            description = Line(block.Description),
            kind = block.Kind,
            open = kinds.Find(block.Kind) is { } kind ? Required(kind.Description.Settings)?.Where(setting => !block.Settings.TryGetProperty(setting, out _)) : null,
            keywords = block.Keywords,
        }),
        moreBlocks = blocks.Count > MostBlocks ? blocks.Count - MostBlocks : (int?)null,
        missing = "There is no schedule, no mail, no knowledge search, no memory and no web search yet. Say so with cannot_map and offer what comes nearest.",
    });

    /// <summary>A kind with its settings, an example and its help.</summary>
    public JsonElement Kind(KindArguments ask)
    {
        if (kinds.Find(ask.Kind) is not { } kind)
        {
            throw new ToolFailureException(ToolErrorCodes.NotFound, $"There is no kind \"{ask.Kind}\". list_kinds has all of them.");
        }

        var described = kind.Description;
        return ToolJson.ToElement(new
        {
            kind = described.Kind,
            title = described.Title,
            summary = described.Summary,
            help = described.Help,
            inputs = described.Inputs.Select(port => port.Name),
            outputs = described.Outputs.Select(port => port.Name),
            settings = described.Settings,
            example = described.Example,
        });
    }

    /// <summary>What is not right about the copy.</summary>
    public JsonElement Check(BuilderCopy copy)
    {
        var problems = rules.Validate(copy.Graph);
        return ToolJson.ToElement(new
        {
            ok = problems.All(problem => problem.Severity != ProblemSeverity.Error),
            problems = problems.Take(MostProblems).Select(p => new { node = p.Node, field = p.Field, message = p.Message, severity = p.Severity == ProblemSeverity.Error ? "error" : "warning" }),
            more = problems.Count > MostProblems ? problems.Count - MostProblems : (int?)null,
        });
    }

    private static string Line(string text) => text.Length <= BlockLine ? text : text[..BlockLine] + "…";

    private static object Drawn(WorkflowEdge edge) => new { from = $"{edge.From}.{edge.FromPort}", to = edge.To };

    private static JsonElement? Shortened(JsonElement settings)
    {
        var text = settings.GetRawText();
        return text is "{}" ? null : text.Length <= SettingsCharacters ? settings : ToolJson.ToElement($"{text[..SettingsCharacters]}… (look_at_workflow with this node shows all)");
    }

    private static IEnumerable<string>? Required(JsonElement schema) =>
        schema.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array ? names.EnumerateArray().Select(name => name.GetString()!) : null;
}

using System.Text.Json;
using System.Text.Json.Nodes;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Web.Features.Workflows.Runs;

namespace AgentLab.Web.Features.Workflows.Forms;

/// <summary>What the templates of a node may take: the value that comes in, the outputs of the nodes before it, the run's input.</summary>
internal static class ValueSources
{
    private const int Most = 40;

    /// <summary>The sources of a node, nearest first.</summary>
    public static IReadOnlyList<ValueSource> For(WorkflowDefinition definition, string id, RunView? run, RunView? earlier)
    {
        var incoming = definition.Edges.ToLookup(edge => edge.To, edge => edge.From);
        var byId = definition.Nodes.ToDictionary(node => node.Id);
        var sources = new List<ValueSource>();
        if (incoming[id].FirstOrDefault() is { } before && byId.TryGetValue(before, out var previous))
        {
            var (value, from) = OutputOf(previous, run, earlier);
            sources.Add(new ValueSource("What comes in", "data", value, from));
        }

        foreach (var node in Upstream(id, incoming).Where(byId.ContainsKey).Take(Most).Select(upstream => byId[upstream]))
        {
            var (value, from) = OutputOf(node, run, earlier);
            sources.Add(new ValueSource(node.Name, $"nodes.{node.Id}", value, from));
        }

        var started = run?.Started ?? earlier?.Started;
        sources.Add(new ValueSource("The run's input", "input", started?.Plan?.Input.Value ?? Sketch(definition.Input), started is null ? "from its fields" : "last run"));
        sources.Add(new ValueSource("The run", "run", JsonElement.Parse("""{"id":"…","startedAt":"…","workflow":"…","session":"…"}"""), ""));
        return sources;
    }

    /// <summary>What a node gave last: its pinned output, or that of the newest run that reached it.</summary>
    public static (JsonElement? Value, string From) OutputOf(WorkflowNode node, RunView? run, RunView? earlier) =>
        node.Pinned is { } pinned ? (pinned, "pinned")
        : run?.OutputOf(node.Id) is { } value ? (value, "last run")
        : earlier?.OutputOf(node.Id) is { } older ? (older, "earlier run")
        : (null, "not run yet");

    private static IEnumerable<string> Upstream(string id, ILookup<string, string> incoming)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { id };
        var waiting = new Queue<string>(incoming[id]);
        while (waiting.TryDequeue(out var next))
        {
            if (seen.Add(next))
            {
                yield return next;
                foreach (var before in incoming[next])
                {
                    waiting.Enqueue(before);
                }
            }
        }
    }

    // Before anything has run, the fields of the schema stand in.
    private static JsonElement? Sketch(JsonElement? schema)
    {
        if (schema is not { } known || SettingFields.Of(known, templates: false) is not { Count: > 0 } fields)
        {
            return null;
        }

        var sketch = new JsonObject();
        foreach (var field in fields)
        {
            sketch[field.Name] = field.Example ?? (field.Help ?? field.Title);
        }

        return JsonSerializer.SerializeToElement(sketch);
    }
}

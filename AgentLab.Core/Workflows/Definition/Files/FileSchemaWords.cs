using System.Text.Json.Nodes;

namespace AgentLab.Core.Workflows.Definition.Files;

/// <summary>What the schema of the file format says of each property beyond its type.</summary>
internal static class FileSchemaWords
{
    private static readonly string Id = $$"""{"pattern":"^[A-Za-z][A-Za-z0-9_]{0,{{WorkflowBounds.IdLength - 1}}}$",""";
    private static readonly string Place = $$"""{"minimum":-{{WorkflowBounds.Coordinate}},"maximum":{{WorkflowBounds.Coordinate}},""";
    private static readonly string Size = $$"""{"exclusiveMinimum":0,"maximum":{{WorkflowBounds.Coordinate}},""";
    private static readonly string Color = $$"""{"enum":["{{string.Join("\",\"", WorkflowBounds.Colors)}}"],"description":"A name of the palette."}""";

    private static readonly Dictionary<string, JsonObject> All = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["WorkflowDefinition.format"] = $$"""{"const":"{{WorkflowDefinition.CurrentFormat}}","description":"The file format."}""",
        ["WorkflowDefinition.name"] = $$"""{"minLength":1,"maxLength":{{WorkflowBounds.NameLength}},"description":"What people call it."}""",
        ["WorkflowDefinition.description"] = $$"""{"maxLength":{{WorkflowBounds.DescriptionLength}},"description":"What it does, for people."}""",
        ["WorkflowDefinition.tags"] = $$"""{"maxItems":{{WorkflowBounds.Tags}},"description":"Words by which it is found, of 1 to {{WorkflowBounds.TagLength}} characters."}""",
        ["WorkflowDefinition.input"] = """{"description":"JSON Schema of the input, of the subset that docs/workflows.md names. Left out, any object is taken."}""",
        ["WorkflowDefinition.output"] = """{"description":"What a run answers: a JSON value whose texts may be templates. Left out, the value of the last node that ended."}""",
        ["WorkflowDefinition.limits"] = """{"description":"The bounds of each run; what is left out takes the instance's default."}""",
        ["WorkflowDefinition.nodes"] = $$"""{"maxItems":{{WorkflowBounds.Nodes}},"description":"The nodes, in the order in which they were added."}""",
        ["WorkflowDefinition.edges"] = $$"""{"maxItems":{{WorkflowBounds.Edges}},"description":"The edges. They form no cycle: loops are nodes."}""",
        ["WorkflowDefinition.groups"] = $$"""{"maxItems":{{WorkflowBounds.Groups}},"description":"Frames round nodes; they mean nothing to a run."}""",
        ["WorkflowDefinition.notes"] = $$"""{"maxItems":{{WorkflowBounds.Notes}},"description":"Sticky notes; they mean nothing to a run."}""",
        ["WorkflowLimits.seconds"] = $$"""{"minimum":1,"maximum":{{WorkflowBounds.Seconds}},"description":"Seconds from start to end, waits for people and timers left out."}""",
        ["WorkflowLimits.steps"] = """{"minimum":1,"maximum":1000000,"description":"Node executions, loop iterations included."}""",
        ["WorkflowLimits.parallel"] = """{"minimum":1,"maximum":64,"description":"Nodes that run at the same time."}""",
        ["WorkflowLimits.tokens"] = """{"minimum":1,"description":"Tokens over all model calls."}""",
        ["WorkflowLimits.cost"] = """{"exclusiveMinimum":0,"maximum":1000000,"description":"Money over all model calls."}""",
        ["WorkflowNode.id"] = Id + "\"description\":\"Its identity and its name in templates: {{nodes.ID.field}}.\"}",
        ["WorkflowNode.kind"] = """{"minLength":1,"maxLength":100,"description":"Which kind of node; it decides the settings and the ports."}""",
        ["WorkflowNode.name"] = $$"""{"minLength":1,"maxLength":{{WorkflowBounds.NameLength}},"description":"What people see."}""",
        ["WorkflowNode.x"] = Place + "\"description\":\"The left edge on the canvas, in pixels.\"}",
        ["WorkflowNode.y"] = Place + "\"description\":\"The upper edge on the canvas, in pixels.\"}",
        ["WorkflowNode.settings"] = """{"type":"object","description":"What the kind asks for; texts may be templates. At most 64 KB."}""",
        ["WorkflowNode.disabled"] = """{"description":"True: the node is passed through."}""",
        ["WorkflowNode.pinned"] = """{"description":"The output that stands in for running the node in dry runs. At most 64 KB."}""",
        ["WorkflowNode.retry"] = """{"description":"How often it is tried; left out, as its kind says."}""",
        ["WorkflowNode.timeoutSeconds"] = $$"""{"minimum":1,"maximum":{{WorkflowBounds.Seconds}},"description":"Seconds that one attempt may take; left out, as its kind says."}""",
        ["WorkflowNode.onError"] = """{"description":"After the last attempt: stop the run, continue through the first output, or go on through the port error."}""",
        ["WorkflowNode.group"] = """{"maxLength":50,"description":"The group that it is drawn in."}""",
        ["WorkflowNode.comment"] = $$"""{"maxLength":{{WorkflowBounds.CommentLength}},"description":"A remark for people."}""",
        ["NodeRetry.attempts"] = """{"minimum":1,"maximum":10,"description":"How often it is tried in all."}""",
        ["NodeRetry.delaySeconds"] = """{"minimum":0,"maximum":3600,"description":"Before the second attempt; doubles each time."}""",
        ["NodeRetry.maxDelaySeconds"] = """{"minimum":0,"maximum":3600,"description":"The longest pause."}""",
        ["WorkflowEdge.id"] = Id + "\"description\":\"Unique in the workflow.\"}",
        ["WorkflowEdge.from"] = """{"description":"The node that it leaves."}""",
        ["WorkflowEdge.fromPort"] = """{"maxLength":100,"description":"The output port, such as out, true or error."}""",
        ["WorkflowEdge.to"] = """{"description":"The node that it enters."}""",
        ["WorkflowEdge.toPort"] = """{"maxLength":100,"description":"The input port, in for most kinds."}""",
        ["WorkflowGroup.id"] = Id + "\"description\":\"Unique in the workflow.\"}",
        ["WorkflowGroup.name"] = $$"""{"minLength":1,"maxLength":{{WorkflowBounds.NameLength}},"description":"What people see."}""",
        ["WorkflowGroup.x"] = Place + "\"description\":\"Left edge.\"}",
        ["WorkflowGroup.y"] = Place + "\"description\":\"Upper edge.\"}",
        ["WorkflowGroup.width"] = Size + "\"description\":\"In pixels.\"}",
        ["WorkflowGroup.height"] = Size + "\"description\":\"In pixels.\"}",
        ["WorkflowGroup.color"] = Color,
        ["WorkflowNote.id"] = Id + "\"description\":\"Unique in the workflow.\"}",
        ["WorkflowNote.text"] = $$"""{"maxLength":{{WorkflowBounds.NoteLength}},"description":"Markdown."}""",
        ["WorkflowNote.x"] = Place + "\"description\":\"Left edge.\"}",
        ["WorkflowNote.y"] = Place + "\"description\":\"Upper edge.\"}",
        ["WorkflowNote.width"] = Size + "\"description\":\"In pixels.\"}",
        ["WorkflowNote.height"] = Size + "\"description\":\"In pixels.\"}",
        ["WorkflowNote.color"] = Color,
    }.ToDictionary(pair => pair.Key, pair => JsonNode.Parse(pair.Value)!.AsObject(), StringComparer.Ordinal);

    public static JsonObject? Of(Type type, string property) => All.GetValueOrDefault($"{type.Name}.{property}");
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentLab.Core.Workflows.Definition;

/// <summary>
/// A workflow as it is drawn, saved, exported and run: nodes with typed ports and the edges between them. Immutable; the same shape is the file format
/// (<c>docs/workflow.schema.json</c>), the versions in the database and what the canvas holds. The lists keep their order, so that a saved file changes only where the
/// workflow does.
/// </summary>
/// <remarks>Generated readers set what a file leaves out to null: each property turns that into its default.</remarks>
public sealed record WorkflowDefinition
{
    /// <summary>The file format that is written now.</summary>
    public const string CurrentFormat = "agentlab.workflow/1";

    /// <summary>The file format: <see cref="CurrentFormat"/>.</summary>
    public string Format { get; init => field = value ?? CurrentFormat; } = CurrentFormat;

    /// <summary>1 to 100 characters, unique for its owner without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, for people; at most 2,000 characters.</summary>
    public string Description { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>At most 20 words of 1 to 50 characters, without regard to case.</summary>
    public IReadOnlyList<string> Tags { get; init => field = value ?? []; } = [];

    /// <summary>JSON Schema (draft 2020-12, the subset of <c>docs/workflows.md</c>) of the input; null takes any object. Run forms and the API's checks follow from it.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>What a run answers: a JSON value whose texts may be templates over the run's values; null answers with the value of the last node that ended.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>Bounds of each run.</summary>
    public WorkflowLimits Limits { get; init => field = value ?? new(); } = new();

    /// <summary>The nodes, in the order in which they were added. At most 2,000.</summary>
    public IReadOnlyList<WorkflowNode> Nodes { get; init => field = value ?? []; } = [];

    /// <summary>The edges, in the order in which they were added. At most 8,000; they form no cycle (loops are nodes).</summary>
    public IReadOnlyList<WorkflowEdge> Edges { get; init => field = value ?? []; } = [];

    /// <summary>Frames round nodes; they mean nothing to a run.</summary>
    public IReadOnlyList<WorkflowGroup> Groups { get; init => field = value ?? []; } = [];

    /// <summary>Sticky notes; they mean nothing to a run.</summary>
    public IReadOnlyList<WorkflowNote> Notes { get; init => field = value ?? []; } = [];
}

/// <summary>The bounds of each run of a workflow; null takes the instance's default.</summary>
/// <param name="Seconds">Seconds from start to end, waits for people and timers left out. 1 to 86,400. Default: 900.</param>
/// <param name="Steps">Node executions, loop iterations included. 1 to 1,000,000. Default: 100,000.</param>
/// <param name="Parallel">Nodes that run at the same time. 1 to 64. Default: 8.</param>
/// <param name="Tokens">Tokens over all model calls; null is unbounded.</param>
/// <param name="Cost">Money over all model calls; null is unbounded.</param>
public sealed record WorkflowLimits(int? Seconds = null, int? Steps = null, int? Parallel = null, long? Tokens = null, decimal? Cost = null);

/// <summary>One node.</summary>
public sealed record WorkflowNode
{
    /// <summary>Its identity in this workflow and its name in templates (<c>{{nodes.ID.field}}</c>): a letter, then letters, digits and <c>_</c>, 1 to 50 characters.</summary>
    public required string Id { get; init; }

    /// <summary>Which kind of node, such as <c>http_request</c>; registered by an <c>INodeKind</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What people see, 1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The left edge on the canvas, in pixels at zoom 1.</summary>
    public double X { get; init; }

    /// <summary>The upper edge on the canvas, in pixels at zoom 1.</summary>
    public double Y { get; init; }

    /// <summary>What the kind's settings schema describes: an object; texts may be templates. At most 64 KB.</summary>
    public JsonElement Settings { get; init => field = value.ValueKind == JsonValueKind.Undefined ? EmptyObject : value; } = EmptyObject;

    /// <summary>A switched-off node is passed through: its first input goes to its first output.</summary>
    public bool Disabled { get; init; }

    /// <summary>The output that stands in for running the node in dry runs and in runs from a node; null when nothing is pinned. At most 64 KB.</summary>
    public JsonElement? Pinned { get; init; }

    /// <summary>How often it is tried; null takes the kind's default.</summary>
    public NodeRetry? Retry { get; init; }

    /// <summary>Seconds that one attempt may take, 1 to 86,400; null takes the kind's default.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>What follows a failure after the last attempt.</summary>
    public OnNodeError OnError { get; init; }

    /// <summary>The group it is drawn in.</summary>
    public string? Group { get; init; }

    /// <summary>A remark for people, at most 1,000 characters.</summary>
    public string? Comment { get; init; }

    private static JsonElement EmptyObject { get; } = JsonElement.Parse("{}");
}

/// <summary>How often a node is tried.</summary>
/// <param name="Attempts">1 (never again) to 10.</param>
/// <param name="DelaySeconds">Before the second attempt, 0 to 3,600; doubles each time, with jitter.</param>
/// <param name="MaxDelaySeconds">The longest pause, 0 to 3,600.</param>
/// <remarks>Each is always written: a 0 that is left out would be read as the default.</remarks>
public sealed record NodeRetry(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int Attempts = 1,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double DelaySeconds = 1,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double MaxDelaySeconds = 60);

/// <summary>What follows when a node has failed for good.</summary>
public enum OnNodeError
{
    /// <summary>The run fails.</summary>
    Stop,

    /// <summary>The run goes on through the first output with <c>{"error": {...}}</c> as its value.</summary>
    Continue,

    /// <summary>The run goes on through the port <c>error</c>, which the node has then.</summary>
    Port,
}

/// <summary>A connection from an output port to an input port.</summary>
/// <param name="Id">Unique in the workflow, by the rule of node ids.</param>
/// <param name="From">The node it leaves.</param>
/// <param name="FromPort">The output port, such as <c>out</c>, <c>true</c> or <c>error</c>.</param>
/// <param name="To">The node it enters.</param>
/// <param name="ToPort">The input port, <c>in</c> for most kinds.</param>
public sealed record WorkflowEdge(string Id, string From, string FromPort, string To, string ToPort);

/// <summary>A frame round nodes.</summary>
/// <param name="Id">Unique in the workflow.</param>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="X">Left edge.</param>
/// <param name="Y">Upper edge.</param>
/// <param name="Width">In pixels at zoom 1.</param>
/// <param name="Height">In pixels at zoom 1.</param>
/// <param name="Color">One of the palette's names: <c>grey</c>, <c>blue</c>, <c>green</c>, <c>amber</c>, <c>red</c>, <c>violet</c>.</param>
public sealed record WorkflowGroup(string Id, string Name, double X, double Y, double Width, double Height, string Color = "grey");

/// <summary>A sticky note.</summary>
/// <param name="Id">Unique in the workflow.</param>
/// <param name="Text">Markdown, at most 5,000 characters.</param>
/// <param name="X">Left edge.</param>
/// <param name="Y">Upper edge.</param>
/// <param name="Width">In pixels at zoom 1.</param>
/// <param name="Height">In pixels at zoom 1.</param>
/// <param name="Color">One of the palette's names, see <see cref="WorkflowGroup"/>.</param>
public sealed record WorkflowNote(string Id, string Text, double X, double Y, double Width, double Height, string Color = "amber");

using System.Text.Json;
using AgentLab.Core.Tools;

namespace AgentLab.Core.Workflows.Nodes;

/// <summary>
/// One kind of node, as one small class: what it is called, which ports and settings it has, and what it does. Found by registration (<c>AddNodeKind&lt;T&gt;</c>);
/// stateless and shared by all runs. The engine owns everything else: scheduling, retries, timeouts, cancellation, recording.
/// </summary>
public interface INodeKind
{
    /// <summary>What people and the canvas see, and the settings schema. The same object each time.</summary>
    NodeDescription Description { get; }

    /// <summary>The output ports with these settings; more than the description's where a setting makes ports (the cases of a switch). Without <c>error</c>.</summary>
    IReadOnlyList<NodePort> Outputs(JsonElement settings) => Description.Outputs;

    /// <summary>What is wrong with settings that the schema lets through. Texts may be templates still.</summary>
    IEnumerable<SettingFault> Check(JsonElement settings) => [];

    /// <summary>What one execution changes, with these settings (a GET reads, a POST is external).</summary>
    NodeEffect Effect(JsonElement settings) => Description.Effect;

    /// <summary>
    /// Whether an attempt is cut off after <see cref="NodeDescription.Timeout"/>. Not where there is nothing to cut off: a pure kind ends at once, a wait says in its own settings when it
    /// gives up, and the steps inside a loop or a sub-workflow have bounds of their own, among them waits of days.
    /// </summary>
    bool HasTimeout => !Description.Effect.Pure && Description.Role is not (NodeRole.Loop or NodeRole.SubWorkflow) && this is not IWaitingKind;

    /// <summary>
    /// Does the node's work once. Called only after <c>node.started</c> is durable, never again once its end is recorded. May run beside other nodes of the run.
    /// </summary>
    /// <param name="call">Settings with templates filled in, the incoming value, and where it stands.</param>
    /// <param name="cancellationToken">Fires at cancellation, at the node's timeout and at shutdown: stop at once and throw.</param>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    /// <remarks>What goes wrong in a way that can be foreseen is a <see cref="NodeResult.Failed"/>; any other exception is recorded as <c>node_broke</c>.</remarks>
    ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken);
}

/// <summary>A kind that lets the run wait: for a time, for a request or for a person. The wait survives restarts.</summary>
public interface IWaitingKind : INodeKind
{
    /// <summary>Turns what ended the wait into the node's result.</summary>
    ValueTask<NodeResult> ResumeAsync(NodeCall call, WaitEnd end, CancellationToken cancellationToken);
}

/// <summary>
/// A kind with a body: what hangs on its port <c>each</c> runs once an iteration, what hangs on <c>done</c> runs after the last one with the list of results.
/// The body's result is the value of its last node in flow order, or <see cref="LoopPlan.Result"/> when that is set.
/// </summary>
public interface ILoopKind : INodeKind
{
    /// <summary>Says what to iterate over; evaluated once when the loop starts, and again (with the same answer) when a run goes on after a crash.</summary>
    /// <exception cref="Expressions.ExpressionException">There is nothing to iterate over: the node fails with this code and message.</exception>
    LoopPlan Plan(NodeCall call);

    /// <summary>For a loop without a list: whether another iteration follows. <paramref name="call"/>'s data is the newest result, at first the incoming value.</summary>
    /// <exception cref="Expressions.ExpressionException">That cannot be said: the node fails with this code and message.</exception>
    bool Continues(NodeCall call, int iteration) => false;
}

/// <summary>How a loop runs.</summary>
/// <param name="Items">What to iterate over; null for a loop that asks <see cref="ILoopKind.Continues"/>, one iteration after the other.</param>
/// <param name="Parallel">Iterations at the same time, 1 to 64.</param>
/// <param name="MaxIterations">More fail the node with code <c>loop_bound</c>. 1 to 100,000.</param>
public sealed record LoopPlan(IReadOnlyList<JsonElement>? Items, int Parallel, int MaxIterations)
{
    /// <summary>A template that is evaluated at the end of each iteration and gives its result; null for the body's last value.</summary>
    public string? Result { get; init; }

    /// <summary>True: an iteration that fails gives <c>{"error": {...}}</c> as its result, and the loop goes on.</summary>
    public bool KeepGoing { get; init; }
}

/// <summary>What an execution changes, and whether it may be repeated.</summary>
/// <param name="Effect">What it changes.</param>
/// <param name="RepeatSafe">
/// Whether a step that had started and has no recorded end may be made again under the same idempotency key. Otherwise the run pauses and asks a person.
/// </param>
public sealed record NodeEffect(ToolEffect Effect, bool RepeatSafe)
{
    /// <summary>Computes from its inputs alone, in less than a millisecond or so: the engine may run it without leaving its own thread.</summary>
    public bool Pure { get; init; }

    /// <summary>A pure computation.</summary>
    public static NodeEffect None { get; } = new(ToolEffect.Read, true) { Pure = true };

    /// <summary>Reads from elsewhere.</summary>
    public static NodeEffect Read { get; } = new(ToolEffect.Read, true);
}

/// <summary>What the engine does with a node.</summary>
public enum NodeRole
{
    /// <summary>Starts runs; has no input. Its output is the run's input.</summary>
    Trigger,

    /// <summary>Runs when all its live inputs are there, once.</summary>
    Action,

    /// <summary>Joins branches by its settings <c>mode</c> (<c>all</c>, <c>any</c>, <c>count</c>) and <c>count</c>.</summary>
    Merge,

    /// <summary>An <see cref="ILoopKind"/>.</summary>
    Loop,

    /// <summary>Runs another workflow inside this run (settings <c>workflow</c>, <c>version</c>, <c>input</c>).</summary>
    SubWorkflow,

    /// <summary>Answers the request that started the run (webhook), then goes on. Its output is <c>{"status", "headers", "body"}</c>.</summary>
    Respond,

    /// <summary>Ends the run at once when it has run: completed with its output, or failed when it failed. Other branches are cancelled.</summary>
    Stop,
}

/// <summary>A typed port.</summary>
/// <param name="Name">Lower-case, unique on its side: <c>in</c>, <c>out</c>, <c>true</c>.</param>
/// <param name="Label">What people see; empty for a node's only port.</param>
/// <param name="Accepts">What flows through: <c>any</c>, <c>object</c>, <c>list</c>, <c>text</c>, <c>number</c>, <c>boolean</c>. <c>any</c> fits all.</param>
public sealed record NodePort(string Name, string Label = "", string Accepts = "any")
{
    /// <summary>The usual input.</summary>
    public static IReadOnlyList<NodePort> In { get; } = [new("in")];

    /// <summary>The usual output.</summary>
    public static IReadOnlyList<NodePort> Out { get; } = [new("out")];
}

/// <summary>What people and the canvas know of a kind.</summary>
public sealed record NodeDescription
{
    /// <summary>Stable, snake case: <c>http_request</c>. Files and versions refer to it for ever.</summary>
    public required string Kind { get; init; }

    /// <summary>"HTTP request".</summary>
    public required string Title { get; init; }

    /// <summary>The palette's section: Triggers, Agents and models, Data, Flow, People, Outside, Results.</summary>
    public required string Group { get; init; }

    /// <summary>One sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Markdown: how to use it, what comes in, what goes out.</summary>
    public required string Help { get; init; }

    /// <summary>Settings that work, shown as the example and used by a test.</summary>
    public required JsonElement Example { get; init; }

    /// <summary>SVG path data in a 24 x 24 box, drawn as a 1.75 px line.</summary>
    public required string Icon { get; init; }

    /// <summary>Words by which people look for it.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>A template over the settings for the line under the name, such as <c>{method} {url}</c>; empty for none.</summary>
    public string Subtitle { get; init; } = string.Empty;

    /// <summary>
    /// JSON Schema of the settings, an object, from which the form is made: <c>title</c>, <c>description</c>, <c>default</c>, <c>enum</c>, <c>examples</c>, <c>minimum</c> … and
    /// <c>x-control</c> (<c>text</c>, <c>multiline</c>, <c>code</c>, <c>json</c>, <c>agent</c>, <c>tool</c>, <c>model</c>, <c>workflow</c>, <c>schema</c>, <c>conditions</c>,
    /// <c>pairs</c> (a list of <c>{"name", "value"}</c>), <c>secret</c> (an object <c>{"secret": "name"}</c>)), <c>x-order</c>, <c>x-advanced</c>, <c>x-show-if</c> ({field: value}). Texts are templates, unless <c>x-template</c> is false: then the
    /// kind evaluates them itself, once an item.
    /// </summary>
    public required JsonElement Settings { get; init; }

    /// <summary>What the engine does with it.</summary>
    public NodeRole Role { get; init; } = NodeRole.Action;

    /// <summary>The input ports; none for a trigger.</summary>
    public IReadOnlyList<NodePort> Inputs { get; init; } = NodePort.In;

    /// <summary>The output ports, without <c>error</c>, which every node has when it is set to go on through it.</summary>
    public IReadOnlyList<NodePort> Outputs { get; init; } = NodePort.Out;

    /// <summary>What it changes when the settings say nothing else.</summary>
    public NodeEffect Effect { get; init; } = NodeEffect.None;

    /// <summary>How often it is tried when the node says nothing.</summary>
    public Definition.NodeRetry Retry { get; init; } = new();

    /// <summary>How long one attempt may take when the node says nothing, where <see cref="INodeKind.HasTimeout"/>. Default: 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>A setting that is not right.</summary>
/// <param name="Field">JSON pointer into the settings: <c>/url</c>.</param>
/// <param name="Code">Snake case.</param>
/// <param name="Message">What is wrong and how to mend it.</param>
public sealed record SettingFault(string Field, string Code, string Message);

/// <summary>The kinds that are registered.</summary>
public interface INodeKinds
{
    /// <summary>All, by group and title.</summary>
    IReadOnlyList<INodeKind> All { get; }

    /// <summary>The kind of this name, or null.</summary>
    INodeKind? Find(string kind);
}

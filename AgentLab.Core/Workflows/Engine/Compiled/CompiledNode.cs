using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Engine.Compiled;

/// <summary>A node made ready to run.</summary>
internal sealed class CompiledNode(WorkflowNode node, INodeKind kind)
{
    /// <summary>The node as it is drawn.</summary>
    public WorkflowNode Node => node;

    /// <summary>Its identity in the workflow.</summary>
    public string Id => node.Id;

    /// <summary>What it does.</summary>
    public INodeKind Kind => kind;

    /// <summary>What the engine does with it.</summary>
    public NodeRole Role { get; } = kind.Description.Role;

    /// <summary>Its settings; null when one of its templates is not well formed, see <see cref="Fault"/>.</summary>
    public ICompiledSettings? Settings { get; init; }

    /// <summary>Why its settings could not be compiled: it fails when it runs.</summary>
    public ExpressionException? Fault { get; init; }

    /// <summary>Its place in its frame.</summary>
    public int Place { get; set; }

    /// <summary>The innermost loop that it is in the body of.</summary>
    public CompiledNode? Loop { get; set; }

    /// <summary>How many loops are round it.</summary>
    public int Depth { get; set; }

    /// <summary>What enters it, in the order of the definition.</summary>
    public CompiledEdge[] In { get; set; } = [];

    /// <summary>What leaves it inside its frame: without the edges that begin the body of a loop.</summary>
    public CompiledEdge[] Out { get; set; } = [];

    /// <summary>The body of a loop.</summary>
    public CompiledBody? Body { get; set; }

    /// <summary>How a merge decides.</summary>
    public MergeRule Merge { get; } = kind.Description.Role == NodeRole.Merge ? MergeRule.Of(node.Settings) : default;

    /// <summary>The port that stands for "it went on": the first output, for a loop <c>done</c>.</summary>
    public string MainPort { get; } = MainPortOf(node, kind);

    /// <summary>How often it is tried.</summary>
    public NodeRetry Retry { get; } = node.Retry ?? kind.Description.Retry;

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; } = node.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : kind.Description.Timeout;

    /// <summary>Whether it has steps of its own inside: it takes no place among the nodes that run at the same time.</summary>
    public bool IsContainer => Role is NodeRole.Loop or NodeRole.SubWorkflow;

    private static string MainPortOf(WorkflowNode node, INodeKind kind)
    {
        if (kind.Description.Role == NodeRole.Loop)
        {
            return "done";
        }

        return kind.Outputs(node.Settings) is [var first, ..] ? first.Name : "out";
    }
}

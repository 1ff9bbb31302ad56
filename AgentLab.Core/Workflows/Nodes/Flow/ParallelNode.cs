using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Flow;

/// <summary>parallel: what hangs on its port runs at the same time.</summary>
internal sealed class ParallelNode : PureKind
{
    public override NodeDescription Description { get; } = new()
    {
        Kind = "parallel",
        Title = "Parallel",
        Group = NodeGroups.Flow,
        Summary = "Sends what came in to several nodes at the same time.",
        Help = "Everything that hangs on its port begins at once, up to the workflow's limit of nodes at a time. Bring the branches together again with *Merge*.",
        Icon = "M4 12h4M8 12c3.5 0 3-6 7-6h5M8 12h12M8 12c3.5 0 3 6 7 6h5",
        Keywords = ["fan out", "branches", "concurrent", "simultaneous"],
        Settings = JsonOutput.Parse("""{"type": "object", "properties": {}, "additionalProperties": false}"""),
        Example = JsonOutput.EmptyObject,
    };

    protected override NodeResult Run(NodeCall call) => NodeResult.Of(call.Data);
}

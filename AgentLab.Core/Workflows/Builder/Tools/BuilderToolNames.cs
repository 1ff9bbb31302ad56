namespace AgentLab.Core.Workflows.Builder.Tools;

/// <summary>The builder's tools.</summary>
internal static class BuilderToolNames
{
    public const string Look = "look_at_workflow";
    public const string ListKinds = "list_kinds";
    public const string DescribeKind = "describe_kind";
    public const string ListTools = "list_tools";
    public const string ListAgents = "list_agents";
    public const string Check = "check_workflow";
    public const string AddNode = "add_node";
    public const string AddBlock = "add_block";
    public const string SetNode = "set_node";
    public const string Connect = "connect";
    public const string Disconnect = "disconnect";
    public const string RemoveNode = "remove_node";
    public const string SetWorkflow = "set_workflow";
    public const string CannotMap = "cannot_map";

    /// <summary>All, as the builder agent has them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Look, ListKinds, DescribeKind, ListTools, ListAgents, AddNode, AddBlock, SetNode, Connect, Disconnect, RemoveNode, SetWorkflow, CannotMap, Check];
}

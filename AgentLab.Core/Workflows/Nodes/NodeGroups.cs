namespace AgentLab.Core.Workflows.Nodes;

/// <summary>The sections of the palette.</summary>
internal static class NodeGroups
{
    public const string Triggers = "Triggers";
    public const string Agents = "Agents and models";
    public const string Data = "Data";
    public const string Flow = "Flow";
    public const string People = "People";
    public const string Outside = "Outside";
    public const string Results = "Results";

    /// <summary>All, in the order of the palette.</summary>
    public static IReadOnlyList<string> All { get; } = [Triggers, Agents, Data, Flow, People, Outside, Results];
}

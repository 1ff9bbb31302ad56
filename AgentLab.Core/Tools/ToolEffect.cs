namespace AgentLab.Core.Tools;

/// <summary>What calling a tool changes. The agent loop and the approval rules act on it.</summary>
public enum ToolEffect
{
    /// <summary>Reads only what AgentLab itself holds. Calling it again changes nothing.</summary>
    Read,

    /// <summary>Changes something that AgentLab holds.</summary>
    Write,

    /// <summary>Reaches something outside AgentLab: what happens there cannot be taken back.</summary>
    External,
}

/// <summary>Whether a person is asked before a tool is called.</summary>
public enum ApprovalRule
{
    /// <summary>The tool is called at once.</summary>
    Never,

    /// <summary>Each call waits for a person's decision.</summary>
    Always,
}

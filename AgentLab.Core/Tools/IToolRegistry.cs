namespace AgentLab.Core.Tools;

/// <summary>The tools of an agent, in the order of its names, and the names for which there is no tool (any more).</summary>
public sealed record ToolSelection(IReadOnlyList<Tool> Tools, IReadOnlyList<string> UnknownNames);

/// <summary>All tools of this installation. Names are unique and compared exactly.</summary>
public interface IToolRegistry
{
    /// <summary>Every tool, by name in ordinal order.</summary>
    IReadOnlyList<Tool> All { get; }

    /// <summary>The tool of that name, or null.</summary>
    Tool? Find(string name);

    /// <summary>The tools of these names without repeats. An unknown name is reported, never an exception: an agent outlives its tools.</summary>
    ToolSelection Resolve(IEnumerable<string> names);
}

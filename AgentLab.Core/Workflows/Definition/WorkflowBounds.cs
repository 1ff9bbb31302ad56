namespace AgentLab.Core.Workflows.Definition;

/// <summary>How large a definition may be. The same numbers stand in <c>docs/workflow.schema.json</c>.</summary>
public static class WorkflowBounds
{
    /// <summary>Nodes: 2,000.</summary>
    public const int Nodes = 2_000;

    /// <summary>Edges: 8,000.</summary>
    public const int Edges = 8_000;

    /// <summary>Groups: 500.</summary>
    public const int Groups = 500;

    /// <summary>Notes: 500.</summary>
    public const int Notes = 500;

    /// <summary>Tags: 20.</summary>
    public const int Tags = 20;

    /// <summary>Characters of a tag: 50.</summary>
    public const int TagLength = 50;

    /// <summary>Characters of an id: 50.</summary>
    public const int IdLength = 50;

    /// <summary>Characters of a name, a workflow's, a node's or a group's: 100.</summary>
    public const int NameLength = 100;

    /// <summary>Characters of a workflow's description: 2,000.</summary>
    public const int DescriptionLength = 2_000;

    /// <summary>Characters of a node's comment: 1,000.</summary>
    public const int CommentLength = 1_000;

    /// <summary>Characters of a note: 5,000.</summary>
    public const int NoteLength = 5_000;

    /// <summary>Bytes of a node's settings, of its pinned output, of a workflow's input schema and of its output mapping, each: 64 KB.</summary>
    public const int SettingsBytes = 64 * 1024;

    /// <summary>Bytes of a file, and of a definition as a whole: 4 MB.</summary>
    public const int FileBytes = 4 * 1024 * 1024;

    /// <summary>How deep JSON may be nested: 64.</summary>
    public const int Depth = 64;

    /// <summary>How far from the middle of the canvas something may lie, in pixels: 1,000,000.</summary>
    public const double Coordinate = 1_000_000;

    /// <summary>The most seconds of a run, of an attempt and of waits: a day.</summary>
    public const int Seconds = 86_400;

    /// <summary>Operations in one gesture: 20,000, which is more than a whole definition takes.</summary>
    public const int Operations = 20_000;

    /// <summary>The palette's names for groups and notes.</summary>
    public static IReadOnlyList<string> Colors { get; } = ["grey", "blue", "green", "amber", "red", "violet"];
}

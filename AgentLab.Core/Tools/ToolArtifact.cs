namespace AgentLab.Core.Tools;

/// <summary>What an artifact holds.</summary>
public enum ToolArtifactKind
{
    /// <summary>Plain text or Markdown.</summary>
    Text,

    /// <summary>CSV with a header line.</summary>
    Table,

    /// <summary>One JSON value.</summary>
    Json,

    /// <summary>A text in another format, which the name's ending tells.</summary>
    File,
}

/// <summary>A named result that a tool hands to the agent loop, which records it in the session.</summary>
/// <param name="Name">A file name for people, such as "late-orders.csv".</param>
/// <param name="Kind">How to read <paramref name="Content"/>.</param>
/// <param name="Content">The whole content as text.</param>
public sealed record ToolArtifact(string Name, ToolArtifactKind Kind, string Content);

namespace AgentLab.Core.Tools.Tables;

/// <summary>Where a table comes from.</summary>
public enum TableOrigin
{
    /// <summary>Ships with AgentLab.</summary>
    Bundled,

    /// <summary>A CSV file that a person added to the session.</summary>
    Attachment,
}

/// <summary>A table that a session's tools can read.</summary>
/// <param name="Name">What table_query takes: "orders", or an attachment's file name without ".csv".</param>
/// <param name="Title">What it holds, for people and models.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Size">In bytes.</param>
public sealed record TableInfo(string Name, string Title, TableOrigin Origin, long Size);

/// <summary>The tables that one session may read: the bundled ones and its own CSV attachments.</summary>
public interface ITableSource
{
    /// <summary>Bundled tables first, then attachments, oldest first.</summary>
    Task<IReadOnlyList<TableInfo>> ListAsync(ToolContext context, CancellationToken cancellationToken);

    /// <summary>Opens a table as UTF-8 CSV with a header line; the caller disposes it. Names are compared without regard to case. Null when there is none.</summary>
    Task<Stream?> OpenAsync(string table, ToolContext context, CancellationToken cancellationToken);
}

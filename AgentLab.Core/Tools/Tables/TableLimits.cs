namespace AgentLab.Core.Tools.Tables;

/// <summary>How much of a table is read, and how much of a result is kept.</summary>
internal static class TableLimits
{
    public const int MaxBytes = 20 * 1024 * 1024;
    public const int MaxRows = 200_000;
    public const int MaxColumns = 100;
    public const int MaxRecordBytes = 256 * 1024;
    public const int MaxGroups = 10_000;
    public const int MaxCellCharacters = 2_000;
    public const int DefaultResultRows = 50;
    public const int MaxResultRows = 200;

    /// <summary>Below <see cref="ToolInvoker.MaxResultBytes"/>, so that a wide result loses rows and not its form.</summary>
    public const int MaxResultBytes = 56 * 1024;
}

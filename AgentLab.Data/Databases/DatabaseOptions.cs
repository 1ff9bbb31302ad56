namespace AgentLab.Data.Databases;

/// <summary>Where the data is. Read from <c>AgentLab:DataDirectory</c>, <c>AgentLab:Database</c> and <c>DATABASE_URL</c>.</summary>
public sealed class DatabaseOptions
{
    /// <summary>The folder of agentlab.db, of the root key and of what else belongs to this instance. Default: <c>data</c>.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>The database. Default: SQLite.</summary>
    public DatabaseKind Provider { get; set; } = DatabaseKind.Sqlite;

    /// <summary>How to reach PostgreSQL or SQL Server; empty for SQLite. Never logged.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Whether missing migrations are applied at start. Default: true.</summary>
    public bool MigrateAtStart { get; set; } = true;

    /// <summary>How long a statement may take, 1 s to 1 h. Default: 30 s.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long opening a connection may take, 1 s to 5 min. Default: 10 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a statement waits for a lock on PostgreSQL and SQL Server, 1 s to 1 h. Default: 10 s.</summary>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The most connections of this process to PostgreSQL or SQL Server, 2 to 1,000. Default: 50.</summary>
    public int PoolSize { get; set; } = 50;

    /// <summary>Which SQLite library runs: auto (the system's if newer than the bundled), system or bundled. Default: auto.</summary>
    public string SqliteLibrary { get; set; } = "auto";

    /// <summary>The file of the SQLite database.</summary>
    public string SqliteFile => Path.Combine(Path.GetFullPath(DataDirectory), "agentlab.db");

    /// <summary>What could not be read from the configuration, one sentence each.</summary>
    internal List<string> Unreadable { get; } = [];
}

namespace AgentLab.Data.Databases;

/// <summary>The databases that AgentLab runs on.</summary>
public enum DatabaseKind
{
    /// <summary>A file in the data directory; one process. The default.</summary>
    Sqlite,

    /// <summary>PostgreSQL 13 or later.</summary>
    PostgreSql,

    /// <summary>SQL Server 2019 or later, with SQL sign-in.</summary>
    SqlServer,
}

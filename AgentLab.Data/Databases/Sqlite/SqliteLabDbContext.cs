using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace AgentLab.Data.Databases.Sqlite;

/// <summary>The context with SQLite's migrations.</summary>
public sealed class SqliteLabDbContext : LabDbContext
{
    internal SqliteLabDbContext(DbContextOptions<SqliteLabDbContext> options, ContextWrites? writes)
        : base(options, writes)
    {
    }

    /// <summary>Used by dotnet-ef alone.</summary>
    internal sealed class DesignTime : IDesignTimeDbContextFactory<SqliteLabDbContext>
    {
        public SqliteLabDbContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<SqliteLabDbContext>().UseSqlite("Data Source=:memory:").Options, null);
    }
}

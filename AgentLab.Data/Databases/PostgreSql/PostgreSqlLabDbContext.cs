using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace AgentLab.Data.Databases.PostgreSql;

/// <summary>The context with PostgreSQL's migrations.</summary>
public sealed class PostgreSqlLabDbContext : LabDbContext
{
    internal PostgreSqlLabDbContext(DbContextOptions<PostgreSqlLabDbContext> options)
        : base(options, null)
    {
    }

    /// <summary>Used by dotnet-ef alone.</summary>
    internal sealed class DesignTime : IDesignTimeDbContextFactory<PostgreSqlLabDbContext>
    {
        public PostgreSqlLabDbContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<PostgreSqlLabDbContext>().UseNpgsql("Host=localhost").Options);
    }
}

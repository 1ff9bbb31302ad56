using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace AgentLab.Data.Databases.SqlServer;

/// <summary>The context with SQL Server's migrations.</summary>
public sealed class SqlServerLabDbContext : LabDbContext
{
    internal SqlServerLabDbContext(DbContextOptions<SqlServerLabDbContext> options)
        : base(options, null)
    {
    }

    /// <summary>Used by dotnet-ef alone.</summary>
    internal sealed class DesignTime : IDesignTimeDbContextFactory<SqlServerLabDbContext>
    {
        public SqlServerLabDbContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<SqlServerLabDbContext>().UseSqlServer("Server=localhost").Options);
    }
}

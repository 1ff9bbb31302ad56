using AgentLab.Data;
using AgentLab.Data.Databases;
using AgentLab.Data.Databases.PostgreSql;
using AgentLab.Data.Databases.Sqlite;
using AgentLab.Data.Databases.SqlServer;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentLab.Tests.Data.Databases;

/// <summary>What can be said of the three models without a server.</summary>
public sealed class ModelTests
{
    public static TheoryData<DatabaseKind> Kinds => [DatabaseKind.Sqlite, DatabaseKind.PostgreSql, DatabaseKind.SqlServer];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Migrations_AgainstTheModel_LackNothing(DatabaseKind kind)
    {
        using var context = Context(kind);

        context.Database.HasPendingModelChanges().ShouldBeFalse("run eng/migrations.sh reset, or add NAME after the first release");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Names_OfTablesAndColumns_NeedNoQuotes(DatabaseKind kind)
    {
        using var context = Context(kind);
        foreach (var table in context.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables)
        {
            table.Name.ShouldMatch("^[a-z][a-z0-9_]*$");
            foreach (var column in table.Columns)
            {
                column.Name.ShouldMatch("^[a-z][a-z0-9_]*$", table.Name);
                column.Name.ShouldNotBeOneOf("key", "order", "user", "group", "index", "table", "from", "to");
            }
        }
    }

    [Fact]
    public void SqlServer_IdempotentScript_IsGenerated()
    {
        using var context = Context(DatabaseKind.SqlServer);

        var script = context.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent);

        script.ShouldContain("IF NOT EXISTS");
        script.ShouldContain("CREATE TABLE [projects]");
        script.ShouldContain("CREATE TABLE [users]");
        script.ShouldNotContain("MERGE ");
    }

    [Theory]
    [InlineData("Id", "id")]
    [InlineData("OwnerId", "owner_id")]
    [InlineData("SHA256", "sha256")]
    [InlineData("XMLText", "xml_text")]
    [InlineData("IsFallback", "is_fallback")]
    public void Snake_Name_IsLowerWithUnderscores(string name, string column) => ModelConventions.Snake(name).ShouldBe(column);

    private static LabDbContext Context(DatabaseKind kind) => kind switch
    {
        DatabaseKind.Sqlite => new SqliteLabDbContext.DesignTime().CreateDbContext([]),
        DatabaseKind.PostgreSql => new PostgreSqlLabDbContext.DesignTime().CreateDbContext([]),
        _ => new SqlServerLabDbContext.DesignTime().CreateDbContext([]),
    };
}

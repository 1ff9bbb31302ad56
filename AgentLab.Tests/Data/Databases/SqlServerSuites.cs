namespace AgentLab.Tests.Data.Databases;

[NeedsSqlServer]
public sealed class SqlServerMigratorTests(SqlServerFixture fixture) : MigratorSuite<SqlServerFixture>(fixture), IClassFixture<SqlServerFixture>;

[NeedsSqlServer]
public sealed class SqlServerLabDatabaseTests(SqlServerFixture fixture)
    : LabDatabaseSuite<SqlServerFixture>(fixture), IClassFixture<SqlServerFixture>;

using AgentLab.Data.Databases;
using Microsoft.Extensions.Configuration;

namespace AgentLab.Tests.Data.Databases;

public sealed class DatabaseOptionsTests
{
    [Fact]
    public void Read_NothingSet_IsSqliteInData()
    {
        var options = Read();

        options.Provider.ShouldBe(DatabaseKind.Sqlite);
        options.CommandTimeout.ShouldBe(TimeSpan.FromSeconds(30));
        Failures(options).ShouldBeEmpty();
    }

    [Fact]
    public void Validate_ManyFaults_NamesAllAtOnce()
    {
        var failures = Failures(Read(
            ("AgentLab:Database:Provider", "Oracle"),
            ("AgentLab:Database:CommandTimeout", "soon"),
            ("AgentLab:Database:LockTimeout", "0"),
            ("AgentLab:Database:PoolSize", "1"),
            ("AgentLab:Database:MigrateAtStart", "perhaps"),
            ("AgentLab:Database:SqliteLibrary", "newest")));

        failures.Count.ShouldBe(6);
        foreach (var name in new[] { "Provider", "CommandTimeout", "LockTimeout", "PoolSize", "MigrateAtStart", "SqliteLibrary" })
        {
            failures.ShouldContain(failure => failure.StartsWith($"AgentLab:Database:{name} "));
        }
    }

    [Theory]
    [InlineData("30", 30)]
    [InlineData("0.5", 0.5)]
    [InlineData("00:01:00", 60)]
    public void Read_Timeout_TakesSecondsOrATime(string text, double seconds) =>
        Read(("AgentLab:Database:CommandTimeout", text)).CommandTimeout.ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Read_PostgresUrl_BecomesAConnectionString()
    {
        var options = Read(("DATABASE_URL", "postgres://ann:s%40me%2Fpw@db.example:6543/lab?sslmode=verify-full"));

        options.Provider.ShouldBe(DatabaseKind.PostgreSql);
        var parts = new Npgsql.NpgsqlConnectionStringBuilder(options.ConnectionString);
        (parts.Host, parts.Port, parts.Username, parts.Password, parts.Database)
            .ShouldBe(("db.example", 6543, "ann", "s@me/pw", "lab"));
        parts.SslMode.ShouldBe(Npgsql.SslMode.VerifyFull);
        Failures(options).ShouldBeEmpty();
    }

    [Fact]
    public void Read_SqlServerUrl_BecomesAConnectionString()
    {
        var options = Read(("DATABASE_URL", "sqlserver://sa:pw@db:1433/lab?Encrypt=true"));

        options.Provider.ShouldBe(DatabaseKind.SqlServer);
        new Microsoft.Data.SqlClient.SqlConnectionStringBuilder(options.ConnectionString).DataSource.ShouldBe("db,1433");
        Failures(options).ShouldBeEmpty();
    }

    [Fact]
    public void Read_ConnectionStringAndUrl_TheConnectionStringWins()
    {
        var options = Read(
            ("AgentLab:Database:Provider", "PostgreSql"),
            ("AgentLab:Database:ConnectionString", "Host=own;Database=lab"),
            ("DATABASE_URL", "postgres://other/lab"));

        options.ConnectionString.ShouldContain("own");
    }

    [Theory]
    [InlineData("postgres://host")]
    [InlineData("mysql://host/lab")]
    [InlineData("no url")]
    [InlineData("postgres://host/lab?colour=red")]
    public void Validate_BadUrl_SaysWhatIsWrongWithoutTheUrl(string url)
    {
        var failure = Failures(Read(("DATABASE_URL", url))).ShouldHaveSingleItem();

        failure.ShouldStartWith("DATABASE_URL ");
        failure.ShouldNotContain(url);
    }

    [Fact]
    public void Validate_SecretInABadConnectionString_IsNotRepeated()
    {
        var failures = Failures(Read(
            ("AgentLab:Database:Provider", "SqlServer"), ("AgentLab:Database:ConnectionString", "Server=x;Passwort=hunter2")));

        failures.ShouldHaveSingleItem().ShouldNotContain("hunter2");
    }

    private static DatabaseOptions Read(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();
        var options = new DatabaseOptions();
        DatabaseOptionsReader.Read(configuration, options);
        return options;
    }

    private static List<string> Failures(DatabaseOptions options) =>
        new DatabaseOptionsValidator().Validate(null, options).Failures?.ToList() ?? [];
}

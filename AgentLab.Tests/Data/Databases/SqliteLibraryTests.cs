using AgentLab.Data.Databases.Sqlite;
using Microsoft.Data.Sqlite;

namespace AgentLab.Tests.Data.Databases;

public sealed class SqliteLibraryTests
{
    [Fact]
    public void Version_OfTheLibrary_IsTheOneThatAnswersQueries()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT sqlite_version()";

        var answered = (string)command.ExecuteScalar()!;

        answered.ShouldBe(SqliteLibrary.Version());
        Version.Parse(answered).ShouldBeGreaterThanOrEqualTo(new Version(3, 35, 5));
        if (Environment.GetEnvironmentVariable("AgentLab__Database__SqliteLibrary") == SqliteLibrary.Bundled)
        {
            answered.ShouldBe("3.35.5");
        }
    }

    [Fact]
    public void Library_HasWhatIsNeeded()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            "CREATE VIRTUAL TABLE texts USING fts5(content, tokenize='trigram'); INSERT INTO texts VALUES ('agent laboratory');"
            + "SELECT count(*) FROM texts WHERE texts MATCH 'labor';";

        command.ExecuteScalar().ShouldBe(1L);
    }
}

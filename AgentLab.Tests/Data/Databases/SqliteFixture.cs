using AgentLab.Data.Databases;

namespace AgentLab.Tests.Data.Databases;

/// <summary>A real file in a temporary folder.</summary>
public class SqliteFixture : DatabaseFixture
{
    public override DatabaseKind Kind => DatabaseKind.Sqlite;
}

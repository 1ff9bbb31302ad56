using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AgentLab.Data.Databases.Sqlite;

/// <summary>SQLite's own handle of a connection.</summary>
internal static class SqliteHandle
{
    // By reflection: Microsoft.Data.Sqlite was compiled against a newer SQLitePCLRaw than the one that runs, so the compiler
    // refuses the property's type; at run time it is the same.
    private static readonly Func<SqliteConnection, sqlite3> Get = typeof(SqliteConnection).GetProperty("Handle")!.GetMethod!.CreateDelegate<Func<SqliteConnection, sqlite3>>();

    public static sqlite3 Of(SqliteConnection connection) => Get(connection);
}

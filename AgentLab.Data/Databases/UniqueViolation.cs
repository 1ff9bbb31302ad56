using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AgentLab.Data.Databases;

/// <summary>Tells a row that collided with another one's unique value from every other failed write.</summary>
internal static class UniqueViolation
{
    private const int SqliteUnique = 2067;
    private const int SqlitePrimaryKey = 1555;
    private const int SqlServerIndex = 2601;
    private const int SqlServerConstraint = 2627;

    public static bool Is(DbUpdateException error) => error.InnerException switch
    {
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is SqliteUnique or SqlitePrimaryKey,
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        SqlException server => server.Number is SqlServerIndex or SqlServerConstraint,
        _ => false,
    };
}

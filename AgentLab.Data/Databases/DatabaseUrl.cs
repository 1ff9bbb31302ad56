using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.SqlClient;
using Npgsql;

namespace AgentLab.Data.Databases;

/// <summary>Reads a database in URL form: <c>postgres://user:password@host:5432/agentlab?sslmode=require</c>, or <c>sqlserver://</c>.</summary>
internal static class DatabaseUrl
{
    public static bool TryParse(
        string url, out DatabaseKind kind, out string connectionString, [NotNullWhen(false)] out string? failure)
    {
        (kind, connectionString, failure) = (DatabaseKind.Sqlite, "", null);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
        {
            failure = "is not a URL such as postgres://user:password@host:5432/agentlab.";
            return false;
        }

        var database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'));
        if (uri.Host.Length == 0 || database.Length == 0)
        {
            failure = "must name a host and a database, as in postgres://user:password@host:5432/agentlab.";
            return false;
        }

        try
        {
            switch (uri.Scheme)
            {
                case "postgres" or "postgresql":
                    (kind, connectionString) = (DatabaseKind.PostgreSql, PostgreSql(uri, database));
                    return true;
                case "sqlserver" or "mssql":
                    (kind, connectionString) = (DatabaseKind.SqlServer, SqlServer(uri, database));
                    return true;
                default:
                    failure = $"starts with '{uri.Scheme}:'; it must start with postgres:// or sqlserver://.";
                    return false;
            }
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException)
        {
            failure = "has a setting after '?' that the database's driver does not know.";
            return false;
        }
    }

    private static string PostgreSql(Uri uri, string database)
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = database,
        };
        var (user, password) = Credentials(uri);
        (builder.Username, builder.Password) = (user, password);
        foreach (var (name, value) in Settings(uri))
        {
            builder[name == "sslmode" ? "SSL Mode" : name] = name == "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }

        return builder.ConnectionString;
    }

    private static string SqlServer(Uri uri, string database)
    {
        var (user, password) = Credentials(uri);
        var builder = new SqlConnectionStringBuilder
        {
            DataSource = uri.Port > 0 ? $"{uri.Host},{uri.Port}" : uri.Host,
            InitialCatalog = database,
            UserID = user ?? "",
            Password = password ?? "",
        };
        foreach (var (name, value) in Settings(uri))
        {
            builder[name] = value;
        }

        return builder.ConnectionString;
    }

    private static (string? User, string? Password) Credentials(Uri uri)
    {
        var parts = uri.UserInfo.Split(':', 2);
        var user = parts[0].Length > 0 ? Uri.UnescapeDataString(parts[0]) : null;
        return (user, parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : null);
    }

    private static IEnumerable<(string Name, string Value)> Settings(Uri uri)
    {
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            yield return (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? ""));
        }
    }
}

using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AgentLab.Data.Databases;

/// <summary>Names every failure of the options at once.</summary>
internal sealed class DatabaseOptionsValidator : IValidateOptions<DatabaseOptions>
{
    public ValidateOptionsResult Validate(string? name, DatabaseOptions options)
    {
        var failures = new List<string>(options.Unreadable);
        Within(failures, nameof(options.CommandTimeout), options.CommandTimeout, TimeSpan.FromHours(1));
        Within(failures, nameof(options.ConnectTimeout), options.ConnectTimeout, TimeSpan.FromMinutes(5));
        Within(failures, nameof(options.LockTimeout), options.LockTimeout, TimeSpan.FromHours(1));
        if (options.PoolSize is < 2 or > 1000)
        {
            failures.Add($"AgentLab:Database:PoolSize is {options.PoolSize}; it must be between 2 and 1000.");
        }

        if (options.SqliteLibrary is not ("auto" or "system" or "bundled"))
        {
            failures.Add($"AgentLab:Database:SqliteLibrary is '{options.SqliteLibrary}'; it must be auto, system or bundled.");
        }

        if (string.IsNullOrWhiteSpace(options.DataDirectory))
        {
            failures.Add("AgentLab:DataDirectory is empty; it must name a folder.");
        }

        CheckConnectionString(failures, options);
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }

    private static void CheckConnectionString(List<string> failures, DatabaseOptions options)
    {
        const string Name = "AgentLab:Database:ConnectionString";
        if (options.Unreadable.Exists(failure => failure.Contains("DATABASE_URL") || failure.Contains(Name)))
        {
            return;
        }

        if (options.Provider == DatabaseKind.Sqlite)
        {
            if (options.ConnectionString.Length > 0)
            {
                failures.Add($"{Name} is set, but SQLite is always agentlab.db in AgentLab:DataDirectory: leave it empty, or set AgentLab:Database:Provider.");
            }

            return;
        }

        if (options.ConnectionString.Length == 0)
        {
            failures.Add($"{Name} is empty; {options.Provider} needs one (or DATABASE_URL).");
            return;
        }

        try
        {
            DbConnectionStringBuilder builder = options.Provider == DatabaseKind.PostgreSql
                ? new NpgsqlConnectionStringBuilder(options.ConnectionString)
                : new SqlConnectionStringBuilder(options.ConnectionString);
            var database = builder is NpgsqlConnectionStringBuilder npgsql ? npgsql.Database : ((SqlConnectionStringBuilder)builder).InitialCatalog;
            if (string.IsNullOrEmpty(database))
            {
                failures.Add($"{Name} names no database: add 'Database=agentlab'.");
            }
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The driver's message may quote a value, such as the password.
            failures.Add($"{Name} is not a connection string of {options.Provider}.");
        }
    }

    private static void Within(List<string> failures, string name, TimeSpan value, TimeSpan most)
    {
        if (value < TimeSpan.FromSeconds(1) || value > most)
        {
            failures.Add($"AgentLab:Database:{name} is {value}; it must be between 00:00:01 and {most}.");
        }
    }
}

using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace AgentLab.Data.Databases;

/// <summary>Reads <see cref="DatabaseOptions"/> and gathers what is malformed instead of stopping at the first.</summary>
internal static class DatabaseOptionsReader
{
    public static void Read(IConfiguration configuration, DatabaseOptions options)
    {
        var section = configuration.GetSection("AgentLab:Database");
        options.DataDirectory = Text(configuration["AgentLab:DataDirectory"]) ?? options.DataDirectory;
        options.ConnectionString = Text(section["ConnectionString"]) ?? "";
        options.SqliteLibrary = (Text(section["SqliteLibrary"]) ?? options.SqliteLibrary).ToLowerInvariant();
        options.Provider = Provider(section["Provider"], options);
        options.MigrateAtStart = Flag(section, nameof(options.MigrateAtStart), options.MigrateAtStart, options);
        options.PoolSize = Number(section, nameof(options.PoolSize), options.PoolSize, options);
        options.CommandTimeout = Time(section, nameof(options.CommandTimeout), options.CommandTimeout, options);
        options.ConnectTimeout = Time(section, nameof(options.ConnectTimeout), options.ConnectTimeout, options);
        options.LockTimeout = Time(section, nameof(options.LockTimeout), options.LockTimeout, options);
        TakeUrl(configuration, options);
    }

    /// <summary>An explicit connection string wins over DATABASE_URL, which hosts set on their own accord.</summary>
    private static void TakeUrl(IConfiguration configuration, DatabaseOptions options)
    {
        var isUrl = options.ConnectionString.Contains("://", StringComparison.Ordinal);
        var url = isUrl ? options.ConnectionString : Text(configuration["DATABASE_URL"]);
        if (url is null || (!isUrl && options.ConnectionString.Length > 0))
        {
            return;
        }

        var name = isUrl ? "AgentLab:Database:ConnectionString" : "DATABASE_URL";
        if (DatabaseUrl.TryParse(url, out var kind, out var connectionString, out var failure))
        {
            (options.Provider, options.ConnectionString) = (kind, connectionString);
        }
        else
        {
            options.Unreadable.Add($"{name} {failure}");
        }
    }

    private static DatabaseKind Provider(string? text, DatabaseOptions options)
    {
        if (Text(text) is not { } name)
        {
            return options.Provider;
        }

        if (Enum.TryParse<DatabaseKind>(name, ignoreCase: true, out var kind) && Enum.IsDefined(kind) && !char.IsDigit(name[0]))
        {
            return kind;
        }

        options.Unreadable.Add($"AgentLab:Database:Provider is '{name}'; it must be Sqlite, PostgreSql or SqlServer.");
        return options.Provider;
    }

    private static bool Flag(IConfigurationSection section, string name, bool preset, DatabaseOptions options)
    {
        if (Text(section[name]) is not { } text)
        {
            return preset;
        }

        if (bool.TryParse(text, out var value))
        {
            return value;
        }

        options.Unreadable.Add($"AgentLab:Database:{name} is '{text}'; it must be true or false.");
        return preset;
    }

    private static int Number(IConfigurationSection section, string name, int preset, DatabaseOptions options)
    {
        if (Text(section[name]) is not { } text)
        {
            return preset;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        options.Unreadable.Add($"AgentLab:Database:{name} is '{text}'; it must be a whole number.");
        return preset;
    }

    /// <summary>Seconds ("30") or hours, minutes and seconds ("00:00:30"). A bare number as .NET reads it would be days.</summary>
    private static TimeSpan Time(IConfigurationSection section, string name, TimeSpan preset, DatabaseOptions options)
    {
        if (Text(section[name]) is not { } text)
        {
            return preset;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 1e6)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        if (text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        options.Unreadable.Add($"AgentLab:Database:{name} is '{text}'; it must be seconds ('30') or a time ('00:00:30').");
        return preset;
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}

namespace AgentLab.Data.Databases;

/// <summary>The program cannot start as it is set up; the message says what to do.</summary>
public sealed class LabStartupException : Exception
{
    /// <summary>Another process uses the data directory.</summary>
    public const string DataDirectoryInUse = "data_directory_in_use";

    /// <summary>The data directory cannot be made or written.</summary>
    public const string DataDirectoryUnusable = "data_directory_unusable";

    /// <summary>The database needs a newer program.</summary>
    public const string DatabaseTooNew = "database_too_new";

    /// <summary>The database does not exist and may not be made.</summary>
    public const string DatabaseMissing = "database_missing";

    /// <summary>The database server did not answer, or refused the sign-in.</summary>
    public const string DatabaseUnreachable = "database_unreachable";

    /// <summary>The database lacks migrations, and applying them at start is switched off.</summary>
    public const string DatabaseNotMigrated = "database_not_migrated";

    /// <summary>The root key is missing or malformed.</summary>
    public const string RootKeyUnusable = "root_key_unusable";

    /// <summary>The SQLite library that was asked for is not there.</summary>
    public const string SqliteLibraryMissing = "sqlite_library_missing";

    /// <summary>Makes the exception.</summary>
    /// <param name="code">A stable code, one of the constants here.</param>
    /// <param name="message">A sentence that a person can act on.</param>
    /// <param name="inner">What was caught, if anything.</param>
    public LabStartupException(string code, string message, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
    }

    /// <summary>A stable code.</summary>
    public string Code { get; }
}

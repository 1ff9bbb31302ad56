namespace AgentLab.Data.Databases;

/// <summary>One fact about the instance as a whole.</summary>
internal sealed class InstanceRow
{
    /// <summary>The present history of the database; a restored backup begins another.</summary>
    public const string Epoch = "epoch";

    /// <summary>Rises while the program runs, so that an older copy of the file is recognised.</summary>
    public const string Mark = "mark";

    /// <summary>The oldest program that can use this database.</summary>
    public const string MinProgramVersion = "min_program_version";

    /// <summary>Which root key the database's keys are encrypted under (its id, not the key).</summary>
    public const string RootKey = "root_key_id";

    /// <summary>The last migration applied.</summary>
    public const string SchemaVersion = "schema_version";

    public required string Name { get; set; }

    public required string Value { get; set; }
}

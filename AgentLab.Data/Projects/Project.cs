namespace AgentLab.Data.Projects;

/// <summary>Groups agents, sessions and people. Every root row belongs to exactly one project.</summary>
public sealed class Project
{
    /// <summary>The key of the project that exists from the first migration on.</summary>
    public const long DefaultKey = 1;

    /// <summary>The outside id of the project that exists from the first migration on.</summary>
    public static readonly Guid DefaultId = Core.DefaultProject.Id;

    /// <summary>The key inside the database.</summary>
    public long Key { get; set; }

    /// <summary>The id outside (UUIDv7), made by the server.</summary>
    public Guid Id { get; set; }

    /// <summary>The name that people see.</summary>
    public required string Name { get; set; }

    /// <summary>The upper-case name, by which names are unique.</summary>
    public required string NormalizedName { get; set; }

    /// <summary>The person who owns it; <see cref="Guid.Empty"/> is the instance itself.</summary>
    public Guid OwnerId { get; set; }

    /// <summary>When it was made, in UTC microseconds.</summary>
    public long CreatedAt { get; set; }
}

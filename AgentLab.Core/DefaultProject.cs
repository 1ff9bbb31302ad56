namespace AgentLab.Core;

/// <summary>The project that exists from the first start on, in which everything is that names no other.</summary>
public static class DefaultProject
{
    /// <summary>Its identity, the same in every installation.</summary>
    public static Guid Id { get; } = new("01900000-0000-7000-8000-000000000001");
}

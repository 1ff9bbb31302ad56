namespace AgentLab.Tests.Data.Databases;

/// <summary>
/// A test class that exists only where <see cref="SqlServerFixture.Variable"/> names a server. Elsewhere its tests are not discovered,
/// hence neither run nor counted as skipped.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsSqlServerAttribute : Attribute;

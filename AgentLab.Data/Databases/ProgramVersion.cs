using System.Reflection;

namespace AgentLab.Data.Databases;

/// <summary>The version of this program, and the oldest that can use the schema which it makes.</summary>
internal static class ProgramVersion
{
    /// <summary>Raise it together with a migration that an older program could not live with.</summary>
    public const string OldestForSchema = "0.1.0";

    public static Version Current { get; } =
        Parse(typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);

    /// <summary>Reads "1.2.3", ignoring what follows a plus or a hyphen.</summary>
    public static Version Parse(string text) => Version.Parse(text.Split('+', '-')[0]);
}

using System.Text.RegularExpressions;

namespace AgentLab.Tests.Clients;

/// <summary>The programs of docs/clients.md.</summary>
internal static partial class ClientsDocument
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "clients.md")).ReplaceLineEndings("\n");

    /// <summary>The block whose first line names this file.</summary>
    public static string Program(string name) =>
        Blocks().Matches(Text).Select(m => m.Groups[1].Value).Single(b => b.StartsWith($"// {name}\n", StringComparison.Ordinal));

    /// <summary>The first block under this heading.</summary>
    public static string Under(string heading) =>
        Blocks().Match(Text, Text.IndexOf($"\n## {heading}\n", StringComparison.Ordinal)).Groups[1].Value;

    [GeneratedRegex(@"```\w+\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}

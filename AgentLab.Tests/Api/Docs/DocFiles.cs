namespace AgentLab.Tests.Api.Docs;

/// <summary>The documents of the repository, and the rule for those that are written by a test.</summary>
internal static class DocFiles
{
    /// <summary>The text of a file of the repository, with line feeds.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path)).ReplaceLineEndings("\n");

    /// <summary>Compares a file with what it should be; with AGENTLAB_WRITE_DOCS=1 writes it instead.</summary>
    public static void ShouldMatch(string path, string expected)
    {
        var full = Path.Combine(Repository.Root, path);
        if (Environment.GetEnvironmentVariable("AGENTLAB_WRITE_DOCS") == "1")
        {
            File.WriteAllText(full, expected);
        }

        File.Exists(full).ShouldBeTrue($"{path} is missing: run this test with AGENTLAB_WRITE_DOCS=1 to write it.");
        Read(path).ShouldBe(expected, $"{path} is out of date: run this test with AGENTLAB_WRITE_DOCS=1 and commit the file.");
    }
}

namespace AgentLab.Bench.Measure;

/// <summary>Where the repository is.</summary>
internal static class Repository
{
    /// <summary>The folder of AgentLab.sln, sought upwards from the program and then from the current folder.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory) ?? Find(Environment.CurrentDirectory)
        ?? throw new InvalidOperationException("AgentLab.sln was not found above the program: run bench inside the repository.");

    private static string? Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AgentLab.sln")))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}

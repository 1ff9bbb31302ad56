namespace AgentLab.Bench.Storage;

/// <summary>A folder on the disk that is measured, removed at the end.</summary>
internal sealed class BenchFolder(BenchOptions options) : IAsyncDisposable
{
    public string Path { get; } = System.IO.Path.Combine(options.Directory, "agentlab-bench", Guid.NewGuid().ToString("N"));

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }

        return ValueTask.CompletedTask;
    }
}

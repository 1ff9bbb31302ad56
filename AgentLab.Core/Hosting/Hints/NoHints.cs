namespace AgentLab.Core.Hosting.Hints;

/// <summary>No hints: one process has the database for itself (SQLite), or the nodes look by themselves (SQL Server).</summary>
public sealed class NoHints : IHints
{
    /// <inheritdoc />
    public HintState State => HintState.None;

    /// <inheritdoc />
    public bool Others { get; set; }

    /// <inheritdoc />
    public void Send(Hint hint)
    {
    }

    /// <inheritdoc />
    public IDisposable Listen(Action<Hint> receiver) => Nothing.Instance;

    private sealed class Nothing : IDisposable
    {
        public static Nothing Instance { get; } = new();

        public void Dispose()
        {
        }
    }
}

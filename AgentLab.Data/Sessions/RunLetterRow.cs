namespace AgentLab.Data.Sessions;

/// <summary>Word that another node left for a run which goes on elsewhere; gone when its sender has read the answer.</summary>
internal sealed class RunLetterRow
{
    public Guid Id { get; set; }

    public Guid RunId { get; set; }

    /// <summary>The step that it is for.</summary>
    public required string StepId { get; set; }

    /// <summary>What it says, as UTF-8 JSON.</summary>
    public required byte[] Content { get; set; }

    public long CreatedAt { get; set; }

    /// <summary>What became of it; null until the run's owner has taken it.</summary>
    public string? Answer { get; set; }
}

using System.Text.Json;

namespace AgentLab.Bench.Viewers;

/// <summary>Where viewers look.</summary>
/// <param name="Port">On the loopback address.</param>
/// <param name="Path">With its query.</param>
/// <param name="Viewers">How many.</param>
internal sealed record ViewerTarget(int Port, string Path, int Viewers)
{
    /// <summary>The stream invocation of a hub, as JSON; null for server-sent events.</summary>
    public string? Invocation { get; init; }

    public string? Token { get; init; }

    /// <summary>The position behind which they begin.</summary>
    public long After { get; init; }

    /// <summary>The size of the kernel's receive buffer; 0 for the system's own.</summary>
    public int ReceiveBuffer { get; init; }

    public bool IsHub => Invocation is not null;

    public static ViewerTarget Parse(string json) => JsonSerializer.Deserialize<ViewerTarget>(json)!;

    public string ToJson() => JsonSerializer.Serialize(this);
}

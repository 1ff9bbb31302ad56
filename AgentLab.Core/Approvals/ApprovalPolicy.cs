using System.Text.Json.Serialization;
using AgentLab.Core.Tools;

namespace AgentLab.Core.Approvals;

/// <summary>Which of an agent's calls wait for a person.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AskWhen>))]
public enum AskWhen
{
    /// <summary>Calls that change something and cannot be repeated safely: what they do happens as often as they are made.</summary>
    [JsonStringEnumMemberName("irreversible")]
    Irreversible,

    /// <summary>Calls that change something that AgentLab holds or reach something outside.</summary>
    [JsonStringEnumMemberName("effects")]
    Effects,

    /// <summary>Every call.</summary>
    [JsonStringEnumMemberName("all")]
    All,

    /// <summary>No call, but for tools that always ask.</summary>
    [JsonStringEnumMemberName("never")]
    Never,
}

/// <summary>When an agent asks a person before it calls a tool. A tool whose own rule is <see cref="ApprovalRule.Always"/> asks whatever stands here.</summary>
public sealed record ApprovalPolicy
{
    /// <summary>The longest time to answer, in hours: 366 days.</summary>
    public const double MostHours = 8784;

    /// <summary>The shortest time to answer, in hours: 36 seconds.</summary>
    public const double LeastHours = 0.01;

    /// <summary>Which calls wait. Default: those that cannot be taken back.</summary>
    public AskWhen Ask { get; init; }

    /// <summary>Names of tools that ask in any case.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>After how many hours without an answer a call counts as rejected. Default: 72.</summary>
    public double ExpiresAfterHours { get; init; } = 72;

    /// <summary>Whether a call of this tool waits for a person.</summary>
    public bool Asks(Tool tool)
    {
        ArgumentNullException.ThrowIfNull(tool);
        return tool.Approval == ApprovalRule.Always || Tools.Contains(tool.Name, StringComparer.Ordinal) || Ask switch
        {
            AskWhen.Irreversible => tool.Effect != ToolEffect.Read && !tool.RepeatSafe,
            AskWhen.Effects => tool.Effect != ToolEffect.Read,
            AskWhen.All => true,
            _ => false,
        };
    }

    /// <summary>Equal when they ask for the same: the tools are compared one by one.</summary>
    public bool Equals(ApprovalPolicy? other) =>
        other is not null && Ask == other.Ask && ExpiresAfterHours.Equals(other.ExpiresAfterHours) && Tools.SequenceEqual(other.Tools, StringComparer.Ordinal);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Ask, Tools.Count, ExpiresAfterHours);
}

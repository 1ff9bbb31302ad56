namespace AgentLab.Core.Tools;

/// <summary>The codes that every tool call can end with. A code never changes its meaning.</summary>
public static class ToolErrorCodes
{
    /// <summary>The agent has no tool of that name.</summary>
    public const string Unknown = "tool.unknown";

    /// <summary>The arguments do not fit the tool's schema; the sentence says where.</summary>
    public const string InvalidArguments = "tool.arguments_invalid";

    /// <summary>The call took longer than <see cref="Tool.Timeout"/>.</summary>
    public const string TimedOut = "tool.timed_out";

    /// <summary>The tool broke: an exception that it did not foresee.</summary>
    public const string Broke = "tool.broke";

    /// <summary>The arguments are well-formed, but what they ask for does not work out, such as a division by zero.</summary>
    public const string Refused = "tool.refused";

    /// <summary>What the arguments name does not exist.</summary>
    public const string NotFound = "tool.not_found";

    /// <summary>The input is larger than the tool takes.</summary>
    public const string TooLarge = "tool.too_large";

    /// <summary>Something outside AgentLab could not be reached or answered with an error.</summary>
    public const string Unreachable = "tool.unreachable";
}

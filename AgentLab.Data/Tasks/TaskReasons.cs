namespace AgentLab.Data.Tasks;

/// <summary>Why attempts do not succeed, where the queue itself says so.</summary>
internal static class TaskReasons
{
    /// <summary>The attempt took longer than the task allows.</summary>
    public const string TimeLimit = "time_limit";

    /// <summary>The same in a sentence.</summary>
    public const string TimeLimitText = "The attempt took longer than the task's time limit and was stopped. Raise the limit or ask for less at once.";

    /// <summary>As much of a reason as is kept.</summary>
    public static string? Kept(string? reason)
    {
        if (reason is null || reason.Length <= TaskConfiguration.ReasonLength)
        {
            return reason;
        }

        var end = TaskConfiguration.ReasonLength - 1;
        return string.Concat(reason.AsSpan(0, char.IsHighSurrogate(reason[end - 1]) ? end - 1 : end), "…");
    }
}

using AgentLab.Core.Tasks;

namespace AgentLab.Web.Features.Tasks;

/// <summary>What is said of tasks.</summary>
internal static class TaskWords
{
    /// <summary>A status as the API writes it.</summary>
    public static string Code(LabTaskStatus status) => status.ToString().ToLowerInvariant();
}

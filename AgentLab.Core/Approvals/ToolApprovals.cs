using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Engine;

namespace AgentLab.Core.Approvals;

/// <summary>What a person is asked before a tool is called, and how the answer is bound to the call.</summary>
internal static class ToolApprovals
{
    /// <summary>The most that edited arguments may take as JSON: they stand in the event that records the decision.</summary>
    public const int MostArgumentBytes = 20 * 1024;

    private const int MaxDescription = 1000;

    /// <summary>The question about a call with these arguments.</summary>
    public static ApprovalQuestion Question(Tool tool, JsonElement arguments)
    {
        return new ApprovalQuestion($"Call {tool.Title}?", FirstSentence(tool.Description), arguments, null, tool.Name);
    }

    /// <summary>What the tool does; the rest of its description tells models how to write its arguments.</summary>
    private static string FirstSentence(string description)
    {
        var end = description.IndexOf(". ", StringComparison.Ordinal);
        var sentence = end < 0 ? description : description[..(end + 1)];
        return sentence.Length > MaxDescription ? sentence[..MaxDescription] : sentence;
    }

    /// <summary>The request as the log has it.</summary>
    public static ApprovalRequested Request(Tool tool, ToolCall call, DateTimeOffset expiresAt, ICollection<Blob> blobs)
    {
        var question = Question(tool, call.Arguments);
        return new ApprovalRequested(
            Guid.CreateVersion7(), RunWait.Tool, question.Title, question.Message, JsonContents.Of(call.Arguments, blobs), ApprovalHash.Of(question), null, expiresAt,
            tool.Name, call.Id, tool.Effect.ToString().ToLowerInvariant());
    }

    /// <summary>Whether the decision is to a call with exactly these arguments.</summary>
    public static bool Fits(ApprovalRequested asked, ApprovalDecided decided, JsonElement arguments)
    {
        var question = new ApprovalQuestion(asked.Title, asked.Message, arguments, null, asked.Tool);
        return string.Equals(ApprovalHash.Of(question), decided.DataHash ?? decided.Hash, StringComparison.OrdinalIgnoreCase);
    }
}

using System.Text;
using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Web.Features.Workflows.Runs;
using AgentLab.Web.Shared;

namespace AgentLab.Web.Features.Lab.View;

/// <summary>One contribution to the conversation: a person's message or a run that answers it.</summary>
public abstract class Turn(long sequence, DateTimeOffset at)
{
    /// <summary>The sequence of its first event that is loaded.</summary>
    public long Sequence { get; } = sequence;

    public DateTimeOffset At { get; } = at;

    /// <summary>A later edit or retry took its place; the log keeps both.</summary>
    public bool Replaced { get; set; }

    /// <summary>Rises with every change, so that an unchanged turn is not rendered again.</summary>
    public int Revision { get; protected set; }

    public void Touch() => Revision++;
}

/// <summary>A person's message.</summary>
public sealed class MessageTurn(long sequence, DateTimeOffset at, MessageUser message) : Turn(sequence, at)
{
    public string Text => message.Text;

    public IReadOnlyList<AttachmentReference> Attachments => message.Attachments ?? [];
}

/// <summary>A run: what the agent wrote and did, in order.</summary>
public sealed class RunTurn(long sequence, DateTimeOffset at, RunId? runId) : Turn(sequence, at)
{
    public RunId? RunId { get; } = runId;

    public List<Part> Parts { get; } = [];

    public Status Status { get; set; } = Status.Running;

    public bool StopRequested { get; set; }

    /// <summary>Its beginning is not loaded.</summary>
    public bool Partial { get; set; }

    public RunFailed? Failure { get; set; }

    /// <summary>What a person is asked while it waits.</summary>
    public string? Question { get; set; }

    /// <summary>The question is whether an uncertain step took effect.</summary>
    public bool OutcomeUnknown { get; set; }

    public UsageTotals? Usage { get; set; }

    public long? DurationMs { get; set; }

    /// <summary>A workflow runs: its output is the answer, whatever its models said on the way.</summary>
    public bool IsWorkflow { get; set; }

    /// <summary>What a workflow asks people, in order.</summary>
    public List<ApprovalView> Approvals { get; } = [];

    /// <summary>What people answered.</summary>
    public List<ApprovalDecided> Decisions { get; } = [];

    /// <summary>What nobody has answered yet.</summary>
    public IEnumerable<ApprovalView> OpenApprovals => Ended ? [] : Approvals.Where(approval => approval.Decided is null);

    /// <summary>Whether a call waits in its card for an answer.</summary>
    public bool AsksInACard => Parts.OfType<ToolPart>().Any(tool => tool.Open is not null);

    /// <summary>The model that answered last.</summary>
    public string? Model { get; set; }

    public bool Ended => Status is Status.Done or Status.Failed or Status.Cancelled;

    public TextPart? Text(string stepId) => Parts.OfType<TextPart>().LastOrDefault(part => part.StepId == stepId);

    public ToolPart? Tool(string callId) => Parts.OfType<ToolPart>().LastOrDefault(part => part.CallId == callId);

    /// <summary>The answer as text, for copying.</summary>
    public string Answer => string.Join("\n\n", Parts.OfType<TextPart>().Select(part => part.Text).Where(text => text.Length > 0));
}

/// <summary>A piece of a run's answer.</summary>
public abstract class Part;

/// <summary>Words of one model call.</summary>
public sealed class TextPart(string stepId, long sequence) : Part
{
    private readonly StringBuilder _text = new();
    private string? _whole;

    public string StepId { get; } = stepId;

    /// <summary>Where the step began.</summary>
    public long Sequence { get; } = sequence;

    public int Attempt { get; private set; } = 1;

    /// <summary>More words may follow.</summary>
    public bool Growing { get; set; } = true;

    /// <summary>The whole behind <see cref="Blob"/> is a workflow's output as JSON.</summary>
    public bool IsOutput { get; init; }

    /// <summary>The hash of the whole text when only its beginning is here.</summary>
    public string? Blob { get; private set; }

    public string Text => _whole ??= _text.ToString();

    /// <summary>Adds streamed words; words of a newer attempt discard those before.</summary>
    public void Append(string words, int attempt)
    {
        if (attempt > Attempt)
        {
            Restart(attempt);
        }

        if (attempt == Attempt)
        {
            _text.Append(words);
            _whole = null;
        }
    }

    /// <summary>The words so far do not count.</summary>
    public void Restart(int attempt)
    {
        Attempt = attempt;
        Growing = true;
        _text.Clear();
        _whole = null;
    }

    /// <summary>The recorded answer takes the place of what was streamed.</summary>
    public void Complete(TextContent answer)
    {
        _text.Clear().Append(answer.Text);
        _whole = answer.Text;
        Blob = answer.Blob;
        Growing = false;
    }

    /// <summary>The whole of an answer that came in part.</summary>
    public void Fill(string whole) => Complete(new TextContent(IsOutput ? AnswerText.Of(JsonElement.Parse(whole)) : whole));
}

/// <summary>One tool call.</summary>
public sealed class ToolPart(string callId, string tool, long sequence) : Part
{
    public string CallId { get; } = callId;

    public string Tool { get; } = tool;

    public long Sequence { get; } = sequence;

    /// <summary>Indented JSON; null while not known.</summary>
    public string? Arguments { get; set; }

    /// <summary>The arguments on one line.</summary>
    public string Summary { get; set; } = "";

    public string? Effect { get; set; }

    public TextContent? Result { get; set; }

    public string? ErrorCode { get; set; }

    public string? Error { get; set; }

    public long? DurationMs { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public Status Status { get; set; } = Status.Running;

    /// <summary>What a person was asked before the call; null when nobody was.</summary>
    public ApprovalView? Approval { get; set; }

    /// <summary>The question that waits for an answer.</summary>
    public ApprovalView? Open => Status == Status.NeedsPerson && Approval is { Decided: null } open ? open : null;
}

/// <summary>A named result.</summary>
public sealed class ArtifactPart(ArtifactCreated artifact, long sequence) : Part
{
    public ArtifactCreated Artifact { get; } = artifact;

    public long Sequence { get; } = sequence;
}

/// <summary>A sentence on the run itself.</summary>
public sealed class NotePart(Status status, string text) : Part
{
    public Status Status { get; } = status;

    public string Text { get; } = text;
}

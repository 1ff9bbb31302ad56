using System.Security.Cryptography;
using System.Text;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Approvals;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Engine.State;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Turns what nodes answered into events, and the state with them.</summary>
internal sealed class Recorder(WorkflowState state, Transition transition, TimeProvider time)
{
    private const int MaxSummary = 200;
    private const int MaxMessage = 4000;
    private const int MaxTitle = 200;
    private const int MaxFormBytes = 16 * 1024;

    private bool _timed;

    /// <summary>Records how an attempt ended.</summary>
    public void Result(Slot slot, NodeResult result, decimal durationMs, bool dryRun = false)
    {
        switch (result)
        {
            case NodeResult.Completed completed:
                Complete(slot, completed, durationMs, dryRun && DoesMore(slot) ? "dry_run" : null);
                break;
            case NodeResult.Failed failed:
                Fail(slot, failed, durationMs);
                break;
            case NodeResult.Waits waits:
                Wait(slot, waits.For, durationMs);
                break;
            case NodeResult.OutcomeUnknown unknown:
                slot.Unknown = unknown with { CallId = unknown.CallId ?? unknown.What };
                break;
        }
    }

    /// <summary>Records the value of a node that is not run.</summary>
    public void StandIn(Slot slot, StandIn value)
    {
        transition.Add(new NodeCompleted(slot.Node.Id, value.Port, JsonContents.Of(value.Value, transition.Blobs), 0, null, value.Source), slot, 1);
        state.Completed(slot, value.Port, value.Value);
    }

    /// <summary>Records that a step will not come to its end: its run or its iteration is over.</summary>
    public void Cancel(Slot slot, string message)
    {
        EndInside(slot, NodeError.Cancelled, message);
        transition.Add(new NodeFailed(slot.Node.Id, NodeError.Cancelled, message, 0), slot, Math.Max(1, slot.Attempt));
        state.Failed(slot, new NodeError(NodeError.Cancelled, message, slot.StepId), null);
    }

    /// <summary>Records a failure that no attempt mends.</summary>
    public void FailForGood(Slot slot, string code, string message, decimal durationMs, bool canRetry = false)
    {
        var goesOn = slot.Frame.Halted ? null : GoesOn(slot);
        var text = message.Length > MaxMessage ? message[..MaxMessage] : message;
        EndInside(slot, code, text);
        transition.Add(new NodeFailed(slot.Node.Id, code, text, durationMs, null, goesOn), slot, Math.Max(1, slot.Attempt));
        state.Failed(slot, new NodeError(code, text, slot.StepId, canRetry), goesOn);
    }

    /// <summary>Whether a wait that ends by itself was recorded since this was last asked.</summary>
    public bool TakeTimed()
    {
        var timed = _timed;
        _timed = false;
        return timed;
    }

    private static bool DoesMore(Slot slot) =>
        slot.Settings.ValueKind != System.Text.Json.JsonValueKind.Undefined && slot.Node.Kind.Effect(slot.Settings).Effect != ToolEffect.Read;

    /// <summary>What was begun inside a step and cut off ends with it: every step that is in the log has an end there.</summary>
    private void EndInside(Slot slot, string code, string message)
    {
        foreach (var (stepId, attempt) in slot.OpenInside())
        {
            transition.Add(new StepFailed(code, message, 0), stepId, attempt);
        }
    }

    private void Complete(Slot slot, NodeResult.Completed completed, decimal durationMs, string? source)
    {
        var summary = completed.Summary is { Length: > MaxSummary } long_ ? long_[..MaxSummary] : completed.Summary;
        var attempt = Math.Max(1, slot.Attempt);
        EndInside(slot, NodeError.Cancelled, "The step went on without it.");
        foreach (var artifact in completed.Artifacts)
        {
            transition.Add(Artifact(artifact), slot, attempt);
        }

        transition.Add(new NodeCompleted(slot.Node.Id, completed.Port, JsonContents.Of(completed.Output, transition.Blobs), durationMs, summary, source), slot, attempt);
        state.Completed(slot, completed.Port, completed.Output);
    }

    private ArtifactCreated Artifact(ToolArtifact artifact)
    {
        var contentType = artifact.Kind switch
        {
            ToolArtifactKind.Table => "text/csv",
            ToolArtifactKind.Json => "application/json",
            _ => "text/markdown",
        };
        return new ArtifactCreated(
            Guid.CreateVersion7(), artifact.Name, artifact.Kind.ToString().ToLowerInvariant(), contentType, LargeText.Of(artifact.Content, transition.Blobs, contentType));
    }

    private void Fail(Slot slot, NodeResult.Failed failed, decimal durationMs)
    {
        var retry = slot.Node.Retry;
        if (slot.Frame.Halted || slot.Node.IsContainer || !failed.CanRetry || slot.Attempt >= retry.Attempts)
        {
            FailForGood(slot, failed.Code, failed.Message, durationMs, failed.CanRetry);
            return;
        }

        // A service may say how long to wait, but not longer than the node's own settings: nobody outside can hold up a run.
        var longest = TimeSpan.FromSeconds(retry.MaxDelaySeconds);
        var pause = failed.RetryAfter is { } asked ? (asked < longest ? asked : longest) : Backoff(retry, slot.Attempt);
        var milliseconds = (long)Math.Ceiling(pause.TotalMilliseconds);
        transition.Add(new NodeFailed(slot.Node.Id, failed.Code, failed.Message, durationMs, milliseconds), slot, slot.Attempt);
        state.Pauses(slot, failed.Code, time.GetUtcNow().AddMilliseconds(milliseconds));
        slot.LongPause = milliseconds >= RunWait.LongPauseMs;
        _timed |= slot.LongPause;
    }

    /// <summary>Doubles from attempt to attempt, half of it by chance, so that those who failed together do not come back together.</summary>
    private static TimeSpan Backoff(NodeRetry retry, int attempt)
    {
        var seconds = Math.Min(retry.DelaySeconds * Math.Pow(2, attempt - 1), retry.MaxDelaySeconds);
        return TimeSpan.FromSeconds(Math.Max(0, seconds * (0.5 + (Random.Shared.NextDouble() / 2))));
    }

    private static string? GoesOn(Slot slot) => slot.Node.Node.OnError switch
    {
        OnNodeError.Continue => slot.Node.MainPort,
        OnNodeError.Port => "error",
        _ => null,
    };

    private void Wait(Slot slot, NodeWait wait, decimal durationMs)
    {
        if (slot.Frame.Halted)
        {
            Cancel(slot, "It was about to wait when the run ended.");
            return;
        }

        if (wait.Question is { Form: { } form } && System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(form).Length > MaxFormBytes)
        {
            FailForGood(slot, "form_too_large", $"The form's schema is over {MaxFormBytes / 1024} KB. Ask for less at once.", durationMs);
            return;
        }

        var approval = wait.Question is null ? (Guid?)null : Guid.CreateVersion7();
        var keyHash = wait.Key is { } key ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))) : null;
        var waiting = new NodeWaiting(slot.Node.Id, wait.Kind, wait.DueAt, keyHash, approval);
        transition.Add(waiting, slot, slot.Attempt);
        if (wait.Question is { } question)
        {
            transition.Add(Ask(wait, question, approval!.Value), slot, slot.Attempt);
        }

        state.Waits(slot, waiting);
        _timed |= wait.DueAt is not null;
    }

    private ApprovalRequested Ask(NodeWait wait, ApprovalQuestion question, Guid approval)
    {
        var title = question.Title.Length > MaxTitle ? question.Title[..MaxTitle] : question.Title;
        var message = question.Message.Length > MaxMessage ? question.Message[..MaxMessage] : question.Message;
        var details = question.Details is { } value ? JsonContents.Of(value, transition.Blobs) : null;
        return new ApprovalRequested(approval, wait.Kind, title, message, details, ApprovalHash.Of(question), question.Form, wait.DueAt);
    }
}

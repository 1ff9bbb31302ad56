using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;

namespace AgentLab.Core.Agents.Runs;

/// <summary>One tool call of a run: requested in the log first, then called, then recorded. What was recorded is never called again.</summary>
internal sealed class ToolStep(ToolInvoker invoker, ISessionAttachments attachments, TimeProvider time)
{
    /// <summary>What became of the step.</summary>
    public enum Result
    {
        /// <summary>Its end is recorded.</summary>
        Ended,

        /// <summary>A person must say how it ended; the run is paused.</summary>
        Paused,
    }

    /// <summary>Makes the call, or finds that it was made.</summary>
    public async Task<Result> RunAsync(RunContext run, string stepId, ToolCall call, CancellationToken cancellationToken)
    {
        var tool = run.Tools.FirstOrDefault(t => t.Name == call.Tool);
        var attempt = 1;
        switch (run.Fold.Step(stepId))
        {
            case { Ended: true }:
                return Result.Ended;
            case { } begun:
                var decision = run.Fold.Question is { } question && question.StepId == stepId ? question.Decision : null;
                if (decision == OutcomeDecision.GoOn)
                {
                    await EndUnknownAsync(run, stepId, call, begun.Attempt, cancellationToken);
                    return Result.Ended;
                }

                if (begun.Request is { RepeatSafe: false } && decision != OutcomeDecision.Repeat)
                {
                    await AskAsync(run, stepId, call, begun.Attempt, cancellationToken);
                    return Result.Paused;
                }

                attempt = begun.Attempt + 1;
                await run.Journal.AppendAsync([run.Journal.Event(new StepRestarted(RunReasons.Recovered), stepId, attempt)], [], cancellationToken);
                break;
            default:
                await RequestAsync(run, stepId, call, tool, cancellationToken);
                break;
        }

        await CallAsync(run, stepId, attempt, call, tool, cancellationToken);
        return Result.Ended;
    }

    private static string KeyOf(RunContext run, string stepId) => $"{run.Journal.Run}/{run.Journal.Prefix}{stepId}";

    private static Task RequestAsync(RunContext run, string stepId, ToolCall call, Tool? tool, CancellationToken cancellationToken)
    {
        var requested = new ToolRequested(
            call.Id, call.Tool, call.Arguments, (tool?.Effect ?? ToolEffect.Read).ToString().ToLowerInvariant(), tool?.RepeatSafe ?? true, KeyOf(run, stepId));
        return run.Journal.AppendAsync(
            [run.Journal.Event(new StepStarted("tool", call.Tool), stepId, 1), run.Journal.Event(requested, stepId, 1)], [], cancellationToken);
    }

    private async Task CallAsync(RunContext run, string stepId, int attempt, ToolCall call, Tool? tool, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var outcome = await InvokeAsync(run, stepId, call, tool, cancellationToken);
        var duration = (long)time.GetElapsedTime(started).TotalMilliseconds;
        var blobs = new List<Blob>();
        var events = new List<NewEvent>();
        EventData end;
        if (outcome.IsSuccess)
        {
            end = new ToolCompleted(call.Id, call.Tool, LargeText.Of(ResultText(outcome.Result.Value), blobs, "application/json"), duration);
            events.Add(run.Journal.Event(end, stepId, attempt));
            events.AddRange(outcome.Artifacts.Select(a => run.Journal.Event(Artifact(a, blobs), stepId, attempt)));
            events.Add(run.Journal.Event(new StepCompleted(duration), stepId, attempt));
        }
        else
        {
            end = new ToolFailed(call.Id, call.Tool, outcome.Error.Code, outcome.Error.Sentence, duration);
            events.Add(run.Journal.Event(end, stepId, attempt));
            events.Add(run.Journal.Event(new StepFailed(outcome.Error.Code, outcome.Error.Sentence, duration), stepId, attempt));
        }

        await EndAsync(run, stepId, attempt, events, blobs, end, cancellationToken);
    }

    private async Task<ToolOutcome> InvokeAsync(RunContext run, string stepId, ToolCall call, Tool? tool, CancellationToken cancellationToken)
    {
        if (tool is null)
        {
            return ToolOutcome.UnknownTool(call.Tool, run.Tools.Select(t => t.Name));
        }

        if (call.Error is { } unreadable)
        {
            return ToolOutcome.Failed(ToolErrorCodes.InvalidArguments, unreadable);
        }

        if (tool.Approval == ApprovalRule.Always)
        {
            return ToolOutcome.Failed("tool.needs_approval", $"{tool.Title} may be called only after a person has approved it, and nobody can be asked in this session.");
        }

        await run.Journal.HoldAsync(cancellationToken);
        var context = new ToolContext
        {
            SessionId = run.Session.Id.Value,
            RunId = run.Journal.Run.ToString(),
            StepId = run.Journal.Prefix + stepId,
            IdempotencyKey = KeyOf(run, stepId),
            UserId = run.Session.OwnerId.ToString(),
            Attachments = attachments.Open(run.Session.Id),
        };
        return await invoker.InvokeAsync(tool, call.Arguments, context, cancellationToken);
    }

    private static string ResultText(JsonElement result) =>
        result.ValueKind == JsonValueKind.String ? result.GetString()! : result.GetRawText();

    private static ArtifactCreated Artifact(ToolArtifact artifact, List<Blob> blobs)
    {
        var contentType = artifact.Kind switch
        {
            ToolArtifactKind.Table => "text/csv",
            ToolArtifactKind.Json => "application/json",
            ToolArtifactKind.File => "text/plain",
            _ => "text/markdown",
        };
        return new ArtifactCreated(
            Guid.CreateVersion7(), artifact.Name, artifact.Kind.ToString().ToLowerInvariant(), contentType, LargeText.Of(artifact.Content, blobs, contentType));
    }

    private static Task AskAsync(RunContext run, string stepId, ToolCall call, int attempt, CancellationToken cancellationToken)
    {
        var question = $"{call.Tool} was called, and the process ended before its result was recorded. Did it take effect?";
        return run.Journal.AppendAsync(
            [
                run.Journal.Event(new RunOutcomeUnknown(call.Tool, call.Id, question), stepId, attempt),
                run.Journal.Event(new RunPaused(RunReasons.OutcomeUnknown, question)),
            ],
            [],
            cancellationToken);
    }

    private Task EndUnknownAsync(RunContext run, string stepId, ToolCall call, int attempt, CancellationToken cancellationToken)
    {
        const string Message = "Nobody recorded how this call ended. A person decided to go on without its result.";
        var failed = new ToolFailed(call.Id, call.Tool, RunReasons.OutcomeUnknown, Message, 0);
        return EndAsync(
            run, stepId, attempt,
            [run.Journal.Event(failed, stepId, attempt), run.Journal.Event(new StepFailed(RunReasons.OutcomeUnknown, Message, 0), stepId, attempt)],
            [], failed, cancellationToken);
    }

    private async Task EndAsync(
        RunContext run, string stepId, int attempt, IReadOnlyList<NewEvent> events, IReadOnlyList<Blob> blobs, EventData end, CancellationToken cancellationToken)
    {
        var sequence = await run.Journal.AppendAsync(events, blobs, cancellationToken);
        lock (run.Conversation)
        {
            run.Conversation.Apply(new SessionEvent(sequence, run.Journal.Run, stepId, attempt, string.Empty, 1, time.GetUtcNow(), default, end));
            run.ContextThrough = Math.Max(run.ContextThrough, sequence);
        }
    }
}

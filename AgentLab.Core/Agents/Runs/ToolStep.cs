using System.Text.Json;
using AgentLab.Core.Approvals;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;
using AgentLab.Core.Tools.Schema;
using AgentLab.Core.Workflows.Engine;

namespace AgentLab.Core.Agents.Runs;

/// <summary>
/// One tool call of a run: requested in the log first, then called, then recorded. What was recorded is never called again. A call that a person must approve is asked about before it is
/// requested, so that a request always means that the call may have begun.
/// </summary>
internal sealed class ToolStep(ToolInvoker invoker, ISessionAttachments attachments, WaitSignal signal, TimeProvider time)
{
    /// <summary>What became of the step; of several steps the highest counts.</summary>
    public enum Result
    {
        /// <summary>Its end is recorded.</summary>
        Ended,

        /// <summary>A person must approve it first; that is recorded.</summary>
        Waiting,

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
            case { Request: null, Approval: { } asked } waiting:
                return await GoOnAsync(run, stepId, call, tool, waiting, asked, cancellationToken);
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
                call = begun.Request is { } request ? call with { Arguments = request.Arguments } : call;
                await run.Journal.AppendAsync([run.Journal.Event(new StepRestarted(RunReasons.Recovered), stepId, attempt)], [], cancellationToken);
                break;
            default:
                if (Asks(run, call, tool))
                {
                    await AskFirstAsync(run, stepId, call, tool!, cancellationToken);
                    return Result.Waiting;
                }

                await RequestAsync(run, stepId, call, tool, new StepStarted("tool", call.Tool), cancellationToken);
                break;
        }

        await CallAsync(run, stepId, attempt, call, tool, cancellationToken);
        return Result.Ended;
    }

    private static string KeyOf(RunContext run, string stepId) => $"{run.Journal.Run}/{run.Journal.Prefix}{stepId}";

    /// <summary>Whether a person must approve the call. One that cannot be made anyhow is not asked about: the model is told what is wrong with it.</summary>
    private static bool Asks(RunContext run, ToolCall call, Tool? tool) =>
        run.Decisions is not null && tool is not null && call.Error is null && run.Agent.Definition.Approvals.Asks(tool) && run.Grants.AllowedBy(tool.Name) is null
        && ArgumentValidator.Validate(tool.Schema, call.Arguments).Count == 0;

    private async Task AskFirstAsync(RunContext run, string stepId, ToolCall call, Tool tool, CancellationToken cancellationToken)
    {
        var blobs = new List<Blob>();
        var expiresAt = time.GetUtcNow() + TimeSpan.FromHours(run.Agent.Definition.Approvals.ExpiresAfterHours);
        var asked = ToolApprovals.Request(tool, call, expiresAt, blobs);
        await run.Journal.AppendAsync(
            [run.Journal.Event(new StepStarted("tool", call.Tool), stepId, 1), run.Journal.Event(asked, stepId, 1)], blobs, cancellationToken);
        signal.Set();
    }

    /// <summary>Goes on with a call that a person was asked about, if there is an answer.</summary>
    private async Task<Result> GoOnAsync(
        RunContext run, string stepId, ToolCall call, Tool? tool, StepFold step, ApprovalRequested asked, CancellationToken cancellationToken)
    {
        if (step.Decision is null && run.Grants.AllowedBy(call.Tool) is { } by)
        {
            // Somebody allowed the tool for the session while this call waited.
            var allowed = new ApprovalDecided(asked.ApprovalId, "approved", asked.Hash, by, "Allowed for this session.");
            await run.Decisions!.RecordAsync(stepId, allowed, cancellationToken);
            step = run.Fold.Step(stepId)!;
        }

        switch (step.Decision)
        {
            case null:
                return Result.Waiting;
            case { Decision: "approved" } decided:
                call = decided.Data?.Value is { } edited ? call with { Arguments = edited } : call;
                if (!ToolApprovals.Fits(asked, decided, call.Arguments))
                {
                    await RefuseAsync(run, stepId, call, step.Attempt, "approval_changed", "The arguments are not those that were approved. The call was not made.", cancellationToken);
                    return Result.Ended;
                }

                await RequestAsync(run, stepId, call, tool, null, cancellationToken);
                await CallAsync(run, stepId, step.Attempt, call, tool, cancellationToken);
                return Result.Ended;
            case { Decision: "rejected" } decided:
                var why = string.IsNullOrWhiteSpace(decided.Reason) ? "No reason was given." : $"The reason: {decided.Reason}";
                await RefuseAsync(run, stepId, call, step.Attempt, "approval_rejected", $"A person rejected this call; it was not made. {why} Do not make it again unless you are asked to.", cancellationToken);
                return Result.Ended;
            default:
                await RefuseAsync(run, stepId, call, step.Attempt, "approval_expired", "Nobody approved this call in time; it was not made. Go on without it.", cancellationToken);
                return Result.Ended;
        }
    }

    private Task RefuseAsync(RunContext run, string stepId, ToolCall call, int attempt, string code, string message, CancellationToken cancellationToken)
    {
        var failed = new ToolFailed(call.Id, call.Tool, code, message, 0);
        return EndAsync(
            run, stepId, attempt, [run.Journal.Event(failed, stepId, attempt), run.Journal.Event(new StepFailed(code, message, 0), stepId, attempt)], [], failed, cancellationToken);
    }

    private static Task RequestAsync(RunContext run, string stepId, ToolCall call, Tool? tool, StepStarted? started, CancellationToken cancellationToken)
    {
        var requested = new ToolRequested(
            call.Id, call.Tool, call.Arguments, (tool?.Effect ?? ToolEffect.Read).ToString().ToLowerInvariant(), tool?.RepeatSafe ?? true, KeyOf(run, stepId));
        var request = run.Journal.Event(requested, stepId, 1);
        return run.Journal.AppendAsync(started is null ? [request] : [run.Journal.Event(started, stepId, 1), request], [], cancellationToken);
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
            end = new ToolCompleted(
                call.Id, call.Tool, LargeText.Of(ResultText(outcome.Result.Value), blobs, "application/json"), duration, Edited(run, stepId, call));
            events.Add(run.Journal.Event(end, stepId, attempt));
            events.AddRange(outcome.Artifacts.Select(a => run.Journal.Event(Artifact(a, blobs), stepId, attempt)));
            events.Add(run.Journal.Event(new StepCompleted(duration), stepId, attempt));
        }
        else
        {
            end = new ToolFailed(call.Id, call.Tool, outcome.Error.Code, outcome.Error.Sentence, duration, Edited(run, stepId, call));
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

        if (run.Agent.Definition.Approvals.Asks(tool) && run.Grants.AllowedBy(tool.Name) is null && run.Fold.Step(stepId) is not { Decision.Decision: "approved" })
        {
            return ToolOutcome.Failed("tool.needs_approval", $"{tool.Title} may be called only after a person has approved it, and nobody can be asked here.");
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

    /// <summary>The arguments when a person changed them: the model is told with the result.</summary>
    private static JsonElement? Edited(RunContext run, string stepId, ToolCall call) => run.Fold.Step(stepId)?.Decision?.Data is null ? null : call.Arguments;

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

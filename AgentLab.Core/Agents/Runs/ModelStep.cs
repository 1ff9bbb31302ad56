using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using AgentLab.Core.Models;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using Microsoft.Extensions.AI;

namespace AgentLab.Core.Agents.Runs;

/// <summary>One model call of a run: asked, streamed, recorded. An answer that broke off is asked for again as the next attempt of the same step.</summary>
internal sealed class ModelStep(IModelClients models, ISessionReader reader, TimeProvider time)
{
    private const int MaxAttempts = 3;
    private const int MaxArgumentBytes = 16 * 1024;
    private const int MaxCallsBytes = 32 * 1024;
    private const int SmallTokenBudget = 4096;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Makes the run's next model call and records its answer together with the requests for the tools that it asks for.</summary>
    /// <exception cref="ModelStepFailedException">No answer was to be had; the caller records the step's failure with the run's.</exception>
    public async Task RunAsync(RunContext run, CancellationToken cancellationToken)
    {
        var stepId = StepIds.Model(run.Fold.ModelAnswers + 1);
        var attempt = run.Fold.Step(stepId)?.Attempt + 1 ?? 1;
        var restart = attempt > 1 ? new StepRestarted(RunReasons.Recovered) : null;
        for (var tries = 1; ; tries++, attempt++)
        {
            var started = time.GetTimestamp();
            try
            {
                await AttemptAsync(run, stepId, attempt, restart, started, cancellationToken);
                return;
            }
            catch (ModelException e) when (e.Code == ModelErrorCodes.Interrupted && tries < MaxAttempts)
            {
                // Only an answer that had begun: the client under this has waited and tried again for all other faults, up to the time limit of one call.
                restart = new StepRestarted(e.Code, e.Message, TotalsOf(e.Usage));
                await Task.Delay(PauseBefore(tries, e.RetryAfter), time, cancellationToken);
            }
            catch (ModelException e)
            {
                var failed = new StepFailed(e.Code, e.Message, Elapsed(started), TotalsOf(e.Usage), e.Usage?.IsEstimated is true ? true : null);
                throw new ModelStepFailedException(e, run.Journal.Event(failed, stepId, attempt));
            }
            catch (ModelCallCutException e)
            {
                // The caller, who knows why it was cut off, records the step's end.
                run.Cut = new CutCall(stepId, TotalsOf(e.Usage), e.Usage.IsEstimated, Elapsed(started));
                throw;
            }
        }
    }

    private static TimeSpan PauseBefore(int tries, TimeSpan? asked)
    {
        var pause = asked ?? TimeSpan.FromSeconds(Math.Pow(2, tries - 1) * (0.5 + Random.Shared.NextDouble()));
        return pause < LongestPause ? pause : LongestPause;
    }

    private async Task AttemptAsync(
        RunContext run, string stepId, int attempt, StepRestarted? restart, long started, CancellationToken cancellationToken)
    {
        var instructions = run.Agent.Definition.FullInstructions();
        var messages = await new Prompt(reader, run.Session.Id).BuildAsync(instructions, run.Conversation, cancellationToken);
        await RequestAsync(run, stepId, attempt, restart, instructions, messages.Count, cancellationToken);
        var route = await models.RouteAsync(run.Agent.Definition.Model, cancellationToken);
        await run.Journal.HoldAsync(cancellationToken);
        var (response, firstToken) = await StreamAsync(run, stepId, attempt, route, messages, started, cancellationToken);
        await RecordAsync(run, stepId, attempt, route, response, firstToken, started, cancellationToken);
    }

    private static Task RequestAsync(
        RunContext run, string stepId, int attempt, StepRestarted? restart, string instructions, int messages, CancellationToken cancellationToken)
    {
        var definition = run.Agent.Definition;
        var model = definition.Model.Length > 0 ? definition.Model : "default";
        var blob = Blob.Of(Encoding.UTF8.GetBytes(instructions), "text/plain");
        EventData first = restart is null ? new StepStarted("model", model) : restart;
        var request = new ModelRequested(
            model, blob.Hash, run.ContextThrough, messages, [.. run.Tools.Select(t => t.Name)], definition.Temperature, run.Inside);
        return run.Journal.AppendAsync(
            [run.Journal.Event(first, stepId, attempt), run.Journal.Event(request, stepId, attempt)], attempt == 1 ? [blob] : [], cancellationToken);
    }

    private async Task<(ChatResponse Response, long? FirstTokenMs)> StreamAsync(
        RunContext run, string stepId, int attempt, ModelRoute route, List<ChatMessage> messages, long started, CancellationToken cancellationToken)
    {
        var updates = new List<ChatResponseUpdate>();
        long? firstToken = null;
        await using var deltas = new DeltaWriter(run.Journal, stepId, attempt, time, cancellationToken);
        await foreach (var update in route.Client.GetStreamingResponseAsync(messages, Options(run), cancellationToken))
        {
            updates.Add(update);
            if (update.Text is { Length: > 0 } text)
            {
                firstToken ??= Elapsed(started);
                deltas.Add(text);
            }
        }

        await deltas.EndAsync();
        var response = updates.ToChatResponse();
        return (response, firstToken);
    }

    private static ChatOptions Options(RunContext run)
    {
        var options = new ChatOptions
        {
            Temperature = (float?)run.Agent.Definition.Temperature,
            ResponseFormat = run.Schema is { } schema ? ChatResponseFormat.ForJsonSchema(schema) : null,
            Tools = run.Tools.Count > 0 ? [.. run.Tools.Select(t => (AITool)t.Function)] : null,
        };
        if (run.Fold.Started?.Limits.Tokens is { } limit)
        {
            var left = limit - run.Fold.Usage.InputTokens - run.Fold.Usage.OutputTokens;
            options.MaxOutputTokens = left < SmallTokenBudget ? (int)Math.Max(left, 1) : null;
        }

        return options;
    }

    private async Task RecordAsync(
        RunContext run, string stepId, int attempt, ModelRoute route, ChatResponse response, long? firstToken, long started, CancellationToken cancellationToken)
    {
        var blobs = new List<Blob>();
        var calls = Calls(response, run.Fold.ModelAnswers + 1);
        var duration = Elapsed(started);
        var usage = Usage(response);
        var answer = new ModelCompleted(
            LargeText.Of(response.Text, blobs), calls, FinishReason(response, calls), usage.Provider ?? route.Primary.ProviderId,
            usage.Model ?? route.Primary.Model.Id, usage.Totals, duration, firstToken);
        var events = new List<NewEvent> { run.Journal.Event(answer, stepId, attempt), run.Journal.Event(new StepCompleted(duration), stepId, attempt) };
        var sequence = await run.Journal.AppendAsync(events, blobs, cancellationToken);
        run.Conversation.Apply(new SessionEvent(sequence, run.Journal.Run, stepId, attempt, string.Empty, 1, time.GetUtcNow(), default, answer));
        run.ContextThrough = sequence;
    }

    private static string FinishReason(ChatResponse response, List<ToolCall> calls) =>
        calls.Count > 0 ? "tool_calls" : response.FinishReason?.Value ?? "stop";

    private long Elapsed(long started) => (long)time.GetElapsedTime(started).TotalMilliseconds;

    [return: NotNullIfNotNull(nameof(usage))]
    private static UsageTotals? TotalsOf(ModelUsage? usage) =>
        usage is null ? null : new UsageTotals(usage.InputTokens, usage.OutputTokens, usage.Cost ?? 0);

    private static (UsageTotals Totals, string? Provider, string? Model) Usage(ChatResponse response)
    {
        var usage = response.GetModelUsage();
        return usage is null
            ? (new UsageTotals(response.Usage?.InputTokenCount ?? 0, response.Usage?.OutputTokenCount ?? 0, 0), null, response.ModelId)
            : (new UsageTotals(usage.InputTokens, usage.OutputTokens, usage.Cost ?? 0), usage.ProviderId, usage.ModelId);
    }

    private static List<ToolCall> Calls(ChatResponse response, int answer)
    {
        var calls = new List<ToolCall>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var content in response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>())
        {
            // Some providers leave the id out or give the same one twice; results are told apart by it.
            var id = !string.IsNullOrEmpty(content.CallId) && seen.Add(content.CallId) ? content.CallId : $"call_{answer}_{calls.Count + 1}";
            calls.Add(Call(id, content));
        }

        // They are recorded in one event; whoever asks for this much at once is not asking for anything.
        return calls.Sum(Weight) <= MaxCallsBytes
            ? calls
            : throw new ModelException(
                ModelErrorCodes.BadResponse, $"The model asked for {calls.Count} tool calls at once, more than can be recorded. Ask for less, or choose another model.")
            {
                Usage = response.GetModelUsage(),
            };
    }

    private static int Weight(ToolCall call) =>
        64 + LargeText.JsonBytes(call.Id) + LargeText.JsonBytes(call.Tool) + LargeText.JsonBytes(call.Error ?? "") + call.Arguments.GetRawText().Length;

    private static ToolCall Call(string id, FunctionCallContent content)
    {
        var nothing = JsonElement.Parse("{}");
        if (content.Exception is { } unreadable)
        {
            return new ToolCall(id, content.Name, nothing, $"The arguments are not readable JSON: {unreadable.Message}");
        }

        var arguments = JsonSerializer.SerializeToElement(content.Arguments ?? new Dictionary<string, object?>());
        return arguments.GetRawText().Length <= MaxArgumentBytes
            ? new ToolCall(id, content.Name, arguments)
            : new ToolCall(id, content.Name, nothing, $"The arguments are over {MaxArgumentBytes} characters.");
    }
}

/// <summary>A model step that got no answer.</summary>
internal sealed class ModelStepFailedException(ModelException cause, NewEvent end) : Exception(cause.Message, cause)
{
    /// <summary>What went wrong.</summary>
    public ModelException Cause => cause;

    /// <summary>The step's end, not yet recorded.</summary>
    public NewEvent End => end;
}

using System.Text;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Models;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using Microsoft.Extensions.AI;

namespace AgentLab.Core.Workflows.Nodes.Agents;

/// <summary>An answer that is in the log.</summary>
internal sealed record JournaledAnswer(string Text, UsageTotals Usage, string Model)
{
    public string Summary => $"{Usage.InputTokens + Usage.OutputTokens} tokens, {Model}";
}

/// <summary>Asks a model inside a step of a workflow run: requested, streamed, recorded, as an agent's own model calls are. What is recorded is not asked for again.</summary>
internal sealed class JournaledModel
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(40);

    private readonly IModelClients _models;
    private readonly NodeCall _call;
    private readonly TimeProvider _time;
    private readonly List<JournaledAnswer> _answers = [];

    private JournaledModel(IModelClients models, NodeCall call, TimeProvider time) => (_models, _call, _time) = (models, call, time);

    /// <summary>Takes up what the step's log says already.</summary>
    public static async Task<JournaledModel> OpenAsync(IModelClients models, ISessionReader? reader, NodeCall call, TimeProvider time, CancellationToken cancellationToken)
    {
        var model = new JournaledModel(models, call, time);
        foreach (var completed in call.Journal.Recorded.Select(e => e.Data).OfType<ModelCompleted>())
        {
            var text = completed.Answer.Text;
            if (completed.Answer.Blob is { } hash)
            {
                var blob = reader is null ? null : await reader.BlobAsync(call.SessionId, hash, cancellationToken);
                text = blob is null ? throw new InvalidOperationException("The log has an answer whose blob is not there.") : Encoding.UTF8.GetString(blob.Content.Span);
            }

            model._answers.Add(new JournaledAnswer(text, completed.Usage, $"{completed.Provider}/{completed.Model}"));
        }

        return model;
    }

    /// <summary>The answers that this step has got, in order, those from before a crash included.</summary>
    public IReadOnlyList<JournaledAnswer> Answers => _answers;

    /// <summary>Asks for the next answer.</summary>
    /// <exception cref="ModelException">There is none; the step's failure is recorded.</exception>
    public async Task<JournaledAnswer> AskAsync(IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        var sub = $"model[{_answers.Count + 1}]";
        var attempt = 1 + _call.Journal.Recorded.Where(e => e.StepId == $"{_call.StepId}/{sub}").Select(e => e.Attempt).DefaultIfEmpty(0).Max();
        var started = _time.GetTimestamp();
        await RequestAsync(sub, attempt, messages, options, cancellationToken);
        try
        {
            var reference = _call.Settings.Text("model"u8);
            var route = await _models.RouteAsync(reference, cancellationToken);
            var (response, firstToken) = await StreamAsync(sub, attempt, route, messages, options, started, cancellationToken);
            return await RecordAsync(sub, attempt, route, response, firstToken, started, cancellationToken);
        }
        catch (ModelException failed)
        {
            var usage = failed.Usage is { } used ? new UsageTotals(used.InputTokens, used.OutputTokens, used.Cost ?? 0) : null;
            await _call.Journal.AppendAsync(sub, attempt, [new StepFailed(failed.Code, failed.Message, Elapsed(started), usage)], [], cancellationToken);
            throw;
        }
    }

    private async Task RequestAsync(string sub, int attempt, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        var model = _call.Settings.Text("model"u8) is { Length: > 0 } named ? named : "default";
        var asked = new StringBuilder();
        foreach (var message in messages)
        {
            asked.Append('[').Append(message.Role.Value).Append("]\n").Append(message.Text).Append("\n\n");
        }

        // No conversation stands behind this call: the whole of what the model was asked is the blob.
        var blob = Blob.Of(Encoding.UTF8.GetBytes(asked.ToString().TrimEnd()), "text/plain");
        EventData first = attempt == 1 ? new StepStarted("model", model) : new StepRestarted(RunReasons.Recovered);
        var requested = new ModelRequested(model, blob.Hash, 0, messages.Count, [], options.Temperature);
        await _call.Journal.AppendAsync(sub, attempt, [first, requested], [blob], cancellationToken);
    }

    private async Task<(ChatResponse Response, long? FirstTokenMs)> StreamAsync(
        string sub, int attempt, ModelRoute route, IReadOnlyList<ChatMessage> messages, ChatOptions options, long started, CancellationToken cancellationToken)
    {
        var updates = new List<ChatResponseUpdate>();
        var gathered = new StringBuilder();
        long? firstToken = null;
        var since = _time.GetTimestamp();
        await foreach (var update in route.Client.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            updates.Add(update);
            if (update.Text is not { Length: > 0 } text)
            {
                continue;
            }

            firstToken ??= Elapsed(started);
            gathered.Append(text);
            if (_time.GetElapsedTime(since) >= Gather || gathered.Length > 4 * 1024)
            {
                await _call.Journal.AppendAsync(sub, attempt, [new ModelDelta(gathered.ToString())], [], cancellationToken);
                gathered.Clear();
                since = _time.GetTimestamp();
            }
        }

        // What was gathered last is dropped: model.completed holds the whole answer.
        return (updates.ToChatResponse(), firstToken);
    }

    private async Task<JournaledAnswer> RecordAsync(
        string sub, int attempt, ModelRoute route, ChatResponse response, long? firstToken, long started, CancellationToken cancellationToken)
    {
        var usage = response.GetModelUsage();
        var totals = usage is null
            ? new UsageTotals(response.Usage?.InputTokenCount ?? 0, response.Usage?.OutputTokenCount ?? 0, 0)
            : new UsageTotals(usage.InputTokens, usage.OutputTokens, usage.Cost ?? 0);
        var (provider, model) = (usage?.ProviderId ?? route.Primary.ProviderId, usage?.ModelId ?? route.Primary.Model.Id);
        var blobs = new List<Blob>();
        var duration = Elapsed(started);
        var completed = new ModelCompleted(
            LargeText.Of(response.Text, blobs), [], response.FinishReason?.Value ?? "stop", provider, model, totals, duration, firstToken);
        await _call.Journal.AppendAsync(sub, attempt, [completed, new StepCompleted(duration)], blobs, cancellationToken);
        var answer = new JournaledAnswer(response.Text, totals, $"{provider}/{model}");
        _answers.Add(answer);
        return answer;
    }

    private long Elapsed(long started) => (long)_time.GetElapsedTime(started).TotalMilliseconds;
}

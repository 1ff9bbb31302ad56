using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Agents.Runs;

/// <summary>
/// The agent loop of one run: ask the model, call the tools that it asks for, until it answers without one or a limit is reached. It decides by the fold of
/// the log alone, so that it goes on after a crash as if nothing had been.
/// </summary>
internal sealed class AgentRun(RunContext run, ModelStep modelStep, ToolStep toolStep, TimeProvider time)
{
    private const decimal WarnAt = 0.8m;
    private const string Asks = "A person must approve what the agent wants to do.";
    private const string Mend = "Raise the agent's limit or ask for less.";

    /// <summary>Runs to the run's end or to a pause. The token is the process's: when it fires the run is left as it is, to be resumed.</summary>
    /// <param name="stop">Fires when a person asked to stop.</param>
    /// <param name="shutdown">Fires when the process ends.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken shutdown)
    {
        using var seconds = new CancellationTokenSource();
        using var steps = CancellationTokenSource.CreateLinkedTokenSource(stop, shutdown, seconds.Token);
        await using var timer = Deadline(seconds);
        try
        {
            if (!run.Fold.StopRequested)
            {
                await LoopAsync(steps.Token);
                return;
            }
        }
        catch (OperationCanceledException) when (steps.IsCancellationRequested && !shutdown.IsCancellationRequested)
        {
            // Stopped by a person or by the time limit: recorded below, under the process's own token.
        }
        catch (ModelStepFailedException e)
        {
            await FailAsync(e.Cause.Code, e.Cause.Message, e.Cause.IsTransient, [e.End], shutdown);
            return;
        }

        if (run.Decisions is { } decisions)
        {
            // What is decided from here on would be written behind the end.
            await decisions.CloseAsync();
        }

        await EndStoppedAsync(seconds.IsCancellationRequested, shutdown);
    }

    private async Task LoopAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (run.Fold.LastAnswer is { } answer)
            {
                if (await CallsExceededAsync(answer, cancellationToken))
                {
                    return;
                }

                switch (await CallToolsAsync(answer, cancellationToken))
                {
                    case ToolStep.Result.Paused:
                        return;
                    case ToolStep.Result.Waiting when await run.Decisions!.TryPauseAsync(new RunPaused(RunReasons.Waiting, Asks), cancellationToken):
                        return;
                    case ToolStep.Result.Waiting:
                        continue;
                }

                if (answer.ToolCalls.Count == 0 && run.Fold.ModelAnswers > run.AskAgainAfter)
                {
                    await CompleteAsync(cancellationToken);
                    return;
                }
            }

            var (limit, events) = Budgets();
            if (limit is not null)
            {
                await FailAsync($"limit_{limit}", $"The run reached its limit of {limit}. {Mend}", false, events, cancellationToken);
                return;
            }

            if (events.Count > 0)
            {
                await run.Journal.AppendAsync(events, [], cancellationToken);
            }

            await modelStep.RunAsync(run, cancellationToken);
        }
    }

    /// <summary>The calls of one answer run side by side, but for those that build on each other; each records its own end.</summary>
    private async Task<ToolStep.Result> CallToolsAsync(ModelCompleted answer, CancellationToken cancellationToken)
    {
        var number = run.Fold.ModelAnswers;
        var steps = answer.ToolCalls.Select((call, i) => (Id: StepIds.Tool(number, i + 1), Call: call)).ToLookup(step => IsOneByOne(step.Call));
        var calls = steps[false].Select(step => toolStep.RunAsync(run, step.Id, step.Call, cancellationToken)).ToList();
        calls.Add(CallInOrderAsync(steps[true], cancellationToken));
        var results = await Task.WhenAll(calls);
        return results.Max();
    }

    private async Task<ToolStep.Result> CallInOrderAsync(IEnumerable<(string Id, ToolCall Call)> steps, CancellationToken cancellationToken)
    {
        foreach (var (id, call) in steps)
        {
            if (await toolStep.RunAsync(run, id, call, cancellationToken) is not ToolStep.Result.Ended and var open)
            {
                return open;
            }
        }

        return ToolStep.Result.Ended;
    }

    private bool IsOneByOne(ToolCall call) => run.Tools.FirstOrDefault(tool => tool.Name == call.Tool)?.OneByOne == true;

    /// <summary>One answer may ask for many calls: they count before they are made. True when the run has failed for it.</summary>
    private async Task<bool> CallsExceededAsync(ModelCompleted answer, CancellationToken cancellationToken)
    {
        var coming = answer.ToolCalls.Where((_, i) => run.Fold.Step(StepIds.Tool(run.Fold.ModelAnswers, i + 1)) is null).Count();
        if (coming == 0 || run.Fold.Started!.Limits.Steps is not { } most || run.Fold.Steps + coming <= most)
        {
            return false;
        }

        var exceeded = run.Journal.Event(new BudgetExceeded("steps", most, run.Fold.Steps + coming));
        await FailAsync(
            "limit_steps", $"The model asked for {coming} tool calls, which would pass the run's limit of steps. {Mend}", false, [exceeded], cancellationToken);
        return true;
    }

    /// <summary>The limit that is reached, if one is, and what is to be said of the limits.</summary>
    private (string? Exceeded, List<NewEvent> Events) Budgets()
    {
        var limits = run.Fold.Started!.Limits;
        var usage = run.Fold.Usage;
        string? exceeded = null;
        var events = new List<NewEvent>();
        foreach (var (limit, allowed, used) in new (string, decimal?, decimal)[]
        {
            ("tokens", limits.Tokens, usage.InputTokens + usage.OutputTokens),
            ("cost", limits.Cost, usage.Cost),
            ("steps", limits.Steps, run.Fold.Steps),
        })
        {
            if (allowed is not { } most || used < most * WarnAt)
            {
                continue;
            }

            if (used >= most)
            {
                exceeded ??= limit;
                events.Add(run.Journal.Event(new BudgetExceeded(limit, most, used)));
            }
            else if (!run.Fold.Warned(limit))
            {
                events.Add(run.Journal.Event(new BudgetWarned(limit, most, used)));
            }
        }

        return (exceeded, events);
    }

    private ITimer? Deadline(CancellationTokenSource seconds)
    {
        if (run.Fold.Started!.Limits.Seconds is not { } limit)
        {
            return null;
        }

        var left = run.Fold.StartedAt + TimeSpan.FromSeconds(limit) + run.Fold.Waited - time.GetUtcNow();
        return time.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(), seconds, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private Task CompleteAsync(CancellationToken cancellationToken) =>
        run.Journal.AppendAsync([run.Journal.Event(new RunCompleted(run.Fold.Steps, run.Fold.Usage, Duration()))], [], cancellationToken);

    /// <summary>What led to the failure is recorded with it: a process that ends in between would else find a step that has ended and go on with it.</summary>
    private Task FailAsync(string code, string message, bool canRetry, IReadOnlyList<NewEvent> cause, CancellationToken cancellationToken)
    {
        var failed = new RunFailed(code, message, canRetry, Wasted(cause), Duration());
        return run.Journal.AppendAsync([.. cause, run.Journal.Event(failed)], [], cancellationToken);
    }

    private async Task EndStoppedAsync(bool outOfTime, CancellationToken cancellationToken)
    {
        var code = outOfTime ? "limit_seconds" : RunReasons.StopRequested;
        var message = outOfTime ? $"The run reached its time limit. {Mend}" : "Stopped by a person.";
        var events = run.Fold.OpenSteps().Select(s => run.Journal.Event(CutOff(s.StepId, code, message), s.StepId, s.Attempt)).ToList();
        var usage = Wasted(events);
        if (outOfTime)
        {
            var limit = run.Fold.Started!.Limits.Seconds!.Value;
            events.Add(run.Journal.Event(new BudgetExceeded("seconds", limit, Math.Round(Duration() / 1000m, 1))));
            events.Add(run.Journal.Event(new RunFailed(code, message, false, usage, Duration())));
        }
        else
        {
            events.Add(run.Journal.Event(new RunCancelled(code, usage, Duration())));
        }

        await run.Journal.AppendAsync(events, [], cancellationToken);
    }

    private StepFailed CutOff(string stepId, string code, string message) => run.Cut is { } cut && cut.StepId == stepId
        ? new StepFailed(code, message, cut.DurationMs, cut.Usage, cut.IsEstimated ? true : null)
        : new StepFailed(code, message, 0);

    /// <summary>What the run used, with what these steps did that are not recorded yet.</summary>
    private UsageTotals Wasted(IEnumerable<NewEvent> ends) =>
        ends.Select(e => e.Data).OfType<StepFailed>().Aggregate(run.Fold.Usage, (sum, step) => sum.Plus(step.Usage ?? UsageTotals.Zero));

    private long Duration() => Math.Max(0, (long)(time.GetUtcNow() - run.Fold.StartedAt).TotalMilliseconds);
}

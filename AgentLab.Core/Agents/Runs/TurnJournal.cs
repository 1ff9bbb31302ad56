using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Agents.Runs;

/// <summary>
/// Records an agent's steps under a node's step. What would be the end of a run of its own, or its pause, is not written: it is kept here as the turn's end.
/// </summary>
internal sealed class TurnJournal(NodeCall call, RunFold fold, TimeProvider time) : StepJournal
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <inheritdoc />
    public override RunId Run => call.RunId;

    /// <inheritdoc />
    public override string Prefix => call.StepId + "/";

    /// <summary>The failure that ended the turn.</summary>
    public RunFailed? Failure { get; private set; }

    /// <summary>What a person must say before it can go on.</summary>
    public RunOutcomeUnknown? Question { get; private set; }

    /// <inheritdoc />
    public override async Task<long> AppendAsync(IReadOnlyList<NewEvent> events, IReadOnlyList<Blob> blobs, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            long first = 0;
            for (var from = 0; from < events.Count;)
            {
                var to = EndOfGroup(events, from);
                var group = events.Skip(from).Take(to - from).ToList();
                var sequence = Keep(group[0].Data) ? 0 : await WriteAsync(group, from == 0 ? blobs : [], cancellationToken);
                first = first == 0 ? sequence : first;
                from = to;
            }

            return first;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc />
    public override ValueTask HoldAsync(CancellationToken cancellationToken) => call.Journal.HoldAsync(cancellationToken);

    /// <inheritdoc />
    public override void Dispose() => _turn.Dispose();

    /// <summary>Events of one step stand together in one append.</summary>
    private static int EndOfGroup(IReadOnlyList<NewEvent> events, int from)
    {
        var to = from + 1;
        if (IsOfTheRun(events[from].Data))
        {
            return to;
        }

        while (to < events.Count && events[to].StepId == events[from].StepId && events[to].Attempt == events[from].Attempt && !IsOfTheRun(events[to].Data))
        {
            to++;
        }

        return to;
    }

    private static bool IsOfTheRun(EventData data) => data is RunCompleted or RunFailed or RunCancelled or RunPaused or RunOutcomeUnknown;

    private bool Keep(EventData data)
    {
        Failure ??= data as RunFailed;
        Question ??= data as RunOutcomeUnknown;
        return IsOfTheRun(data);
    }

    private async Task<long> WriteAsync(List<NewEvent> group, IReadOnlyList<Blob> blobs, CancellationToken cancellationToken)
    {
        var (stepId, attempt) = (group[0].StepId, group[0].StepId is null ? call.Attempt : group[0].Attempt);
        var first = await call.Journal.AppendAsync(stepId, attempt, [.. group.Select(e => e.Data)], blobs, cancellationToken);
        for (var i = 0; i < group.Count; i++)
        {
            if (group[i].Data is not ModelDelta)
            {
                fold.Apply(new SessionEvent(first + i, Run, stepId, attempt, string.Empty, 1, time.GetUtcNow(), default, group[i].Data));
            }
        }

        return first;
    }
}

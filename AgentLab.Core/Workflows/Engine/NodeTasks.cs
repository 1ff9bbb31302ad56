using AgentLab.Core.Workflows.Engine.State;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Nodes;
using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Runs nodes: pure ones at once on the caller's thread, others as tasks that leave a letter when they are back.</summary>
internal sealed class NodeTasks(Evaluation evaluation, Mailbox mailbox, Func<CancellationToken, ValueTask> hold, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>How long a node that was told to stop may take to do so before its run goes on without it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly Dictionary<Slot, CancellationTokenSource> _running = [];

    /// <summary>How many tasks have not come back.</summary>
    public int Count => _running.Count;

    /// <summary>Runs a node; its result when that is there at once, null when a letter will bring it.</summary>
    public Letter.Ended? Launch(Slot slot, CancellationToken cancellationToken)
    {
        if (slot.Pure && slot.Resumed is null)
        {
            return RunPure(slot, cancellationToken);
        }

        var call = PrepareCall(slot, out var fault);
        if (call is null)
        {
            return new Letter.Ended(slot, slot.Attempt, fault!, 0);
        }

        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _running[slot] = source;
        _ = Task.Run(() => RunAsync(slot, slot.Attempt, call, slot.Resumed, source.Token), CancellationToken.None);
        return null;
    }

    /// <summary>A task came back.</summary>
    public void Returned(Slot slot)
    {
        if (_running.Remove(slot, out var source))
        {
            source.Dispose();
        }
    }

    /// <summary>Tells the node to stop; false when it does not run.</summary>
    public bool Cancel(Slot slot)
    {
        if (!_running.TryGetValue(slot, out var source))
        {
            return false;
        }

        source.Cancel();
        return true;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var source in _running.Values)
        {
            source.Cancel();
        }

        _running.Clear();
    }

    private Letter.Ended RunPure(Slot slot, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        NodeResult result;
        try
        {
            var running = slot.Node.Kind.RunAsync(evaluation.Call(slot), cancellationToken);
            result = running.IsCompleted
                ? running.GetAwaiter().GetResult()
                : throw new InvalidOperationException("A kind without effect computes its result at once; one that must wait has another effect.");
        }
        catch (Exception e)
        {
            result = Broken(slot, e);
        }

        return new Letter.Ended(slot, slot.Attempt, result, Elapsed(started));
    }

    private NodeCall? PrepareCall(Slot slot, out NodeResult? fault)
    {
        fault = null;
        try
        {
            return evaluation.Call(slot);
        }
        catch (Exception e)
        {
            fault = Broken(slot, e);
            return null;
        }
    }

    private async Task RunAsync(Slot slot, int attempt, NodeCall call, WaitEnd? resumed, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var limit = new CancellationTokenSource(slot.Node.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        NodeResult result;
        try
        {
            await hold(both.Token);
            var running = resumed is null
                ? slot.Node.Kind.RunAsync(call, both.Token)
                : ((IWaitingKind)slot.Node.Kind).ResumeAsync(call, resumed, both.Token);
            result = await WithGraceAsync(running.AsTask(), both.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            result = new NodeResult.Failed(NodeError.Cancelled, "It was told to stop.");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // Nobody knows whether what was sent took effect: only what may be repeated is tried again.
            result = new NodeResult.Failed(
                "timeout", $"It took longer than {slot.Node.Timeout.TotalSeconds:0.#} s. Give it more time in the node's settings, or ask for less.",
                CanRetry: slot.Node.Kind.Effect(call.Settings).RepeatSafe);
        }
        catch (Agents.Runs.RunLostException e)
        {
            // The loop may belong to a later term than the node's journal: it would wait for this node for ever.
            mailbox.Post(new Letter.Lost(e));
            return;
        }
        catch (Exception e)
        {
            result = Broken(slot, e);
        }

        if (call.Journal is NodeJournal journal)
        {
            await journal.CloseAsync();
        }

        mailbox.Post(new Letter.Ended(slot, attempt, result, Elapsed(started)));
    }

    private async Task<NodeResult> WithGraceAsync(Task<NodeResult> running, CancellationToken cancellationToken)
    {
        try
        {
            return await running.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(Grace, time, CancellationToken.None));
            return running.IsCompletedSuccessfully ? await running : throw new OperationCanceledException(cancellationToken);
        }
    }

    private NodeResult.Failed Broken(Slot slot, Exception e)
    {
        if (e is ExpressionException expression)
        {
            return new NodeResult.Failed(expression.Code, expression.Message);
        }

        logger.NodeBroke(e, slot.Node.Node.Kind, slot.StepId);
        return new NodeResult.Failed("node_broke", $"The node broke: {e.GetType().Name}. The server's log has the details under this run's id.");
    }

    private decimal Elapsed(long started) => Math.Round((decimal)time.GetElapsedTime(started).TotalMilliseconds, 3);
}

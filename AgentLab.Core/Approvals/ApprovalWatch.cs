using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Hosting.Hints;

namespace AgentLab.Core.Approvals;

/// <summary>Tells pages that questions were asked or answered, here or at another node: a wake-up call without truth, upon which they read.</summary>
public interface IApprovalWatch
{
    /// <summary>
    /// Has <paramref name="changed"/> called after each commit that asks or ends a question, and whenever some calls may have been missed. It must be quick and must not throw. Dispose of
    /// the answer to end it; more than once is harmless.
    /// </summary>
    IDisposable Listen(Action changed);

    /// <summary>A question was asked here or came to its end; that is committed.</summary>
    void Changed();
}

/// <summary>Calls this node's pages, and hints at other nodes'. Where hints do not travel between nodes the pages look by themselves, every two seconds, as long as there are any.</summary>
internal sealed class ApprovalWatch : IApprovalWatch, IDisposable
{
    private const string Key = "approvals";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly IHints _hints;
    private readonly INodeRegistry _registry;
    private readonly IDisposable _listening;
    private readonly ITimer _timer;
    private Listener[] _listeners = [];

    public ApprovalWatch(IHints hints, INodeRegistry registry, TimeProvider time)
    {
        (_hints, _registry) = (hints, registry);
        _listening = hints.Listen(hint =>
        {
            if (hint.Kind is HintKind.Approvals or HintKind.Gap)
            {
                Call();
            }
        });
        _timer = time.CreateTimer(static state => ((ApprovalWatch)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc />
    public IDisposable Listen(Action changed)
    {
        var listener = new Listener(this, changed);
        lock (_lock)
        {
            _listeners = [.. _listeners, listener];
            if (_listeners.Length == 1 && _registry.Shared)
            {
                _timer.Change(Pause, Pause);
            }
        }

        return listener;
    }

    /// <inheritdoc />
    public void Changed()
    {
        Call();
        _hints.Send(new Hint(HintKind.Approvals, Key));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _listening.Dispose();
        _timer.Dispose();
    }

    private void Look()
    {
        if (_hints.State != HintState.Connected)
        {
            Call();
        }
    }

    private void Call()
    {
        foreach (var listener in Volatile.Read(ref _listeners))
        {
            listener.Changed();
        }
    }

    private void Remove(Listener listener)
    {
        lock (_lock)
        {
            _listeners = [.. _listeners.Where(other => other != listener)];
            if (_listeners.Length == 0)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private sealed class Listener(ApprovalWatch watch, Action changed) : IDisposable
    {
        public void Changed() => changed();

        public void Dispose() => watch.Remove(this);
    }
}

using System.Collections.Immutable;
using AgentLab.Core.Hosting.Hints;

namespace AgentLab.Core.Tasks;

/// <summary>Tells who looks at tasks that there may be something new: the queue of this node, the pages, and by a hint the other nodes.</summary>
public interface ITaskSignal
{
    /// <summary>Tasks were changed, and it is committed. Returns at once.</summary>
    void Changed();

    /// <summary>Calls back after each change, here or at another node. The receiver must be quick and must not throw. Dispose of the answer to end it.</summary>
    IDisposable Listen(Action receiver);
}

/// <inheritdoc />
internal sealed class TaskSignal : ITaskSignal, IDisposable
{
    private const string AllTasks = "tasks";

    private readonly IHints _hints;
    private readonly IDisposable _listening;
    private ImmutableList<Action> _receivers = [];

    public TaskSignal(IHints hints)
    {
        _hints = hints;
        _listening = hints.Listen(hint =>
        {
            if (hint.Kind is HintKind.Task or HintKind.Gap)
            {
                Tell();
            }
        });
    }

    /// <inheritdoc />
    public void Changed()
    {
        Tell();
        _hints.Send(new Hint(HintKind.Task, AllTasks));
    }

    /// <inheritdoc />
    public IDisposable Listen(Action receiver)
    {
        ImmutableInterlocked.Update(ref _receivers, static (all, one) => all.Add(one), receiver);
        return new Ending(this, receiver);
    }

    /// <inheritdoc />
    public void Dispose() => _listening.Dispose();

    private void Tell()
    {
        foreach (var receiver in _receivers)
        {
            receiver();
        }
    }

    private sealed class Ending(TaskSignal signal, Action receiver) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref signal._receivers, static (all, one) => all.Remove(one), receiver);
    }
}

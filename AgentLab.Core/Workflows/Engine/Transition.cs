using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine.State;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>What goes into the log as one append, and what may happen only after it is there.</summary>
internal sealed class Transition(RunId run)
{
    private List<NewEvent> _events = new(4);
    private List<Blob> _blobs = [];

    /// <summary>Nodes that may run once the append is durable.</summary>
    public Queue<Slot> Launches { get; } = new();

    /// <summary>Who is told after the commit that a step goes on.</summary>
    public List<TaskCompletionSource<WakeAnswer>> Answers { get; } = [];

    /// <summary>Where large values go.</summary>
    public List<Blob> Blobs => _blobs;

    public bool IsEmpty => _events.Count == 0;

    /// <summary>Adds an event of the run.</summary>
    public void Add(EventData data) => _events.Add(new NewEvent(data, run));

    /// <summary>Adds an event of a step.</summary>
    public void Add(EventData data, Slot slot, int attempt) => _events.Add(new NewEvent(data, run, slot.StepId, attempt));

    /// <summary>Adds an event of something inside a step.</summary>
    public void Add(EventData data, string stepId, int attempt) => _events.Add(new NewEvent(data, run, stepId, attempt));

    /// <summary>Takes what gathered: the append is made of it, and this is empty again.</summary>
    public (List<NewEvent> Events, List<Blob> Blobs) Take()
    {
        var taken = (_events, _blobs);
        (_events, _blobs) = (new List<NewEvent>(4), _blobs.Count == 0 ? _blobs : []);
        return taken;
    }
}

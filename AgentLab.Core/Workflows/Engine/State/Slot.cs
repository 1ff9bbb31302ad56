using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine.Compiled;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Engine.State;

/// <summary>Where a node stands in one frame.</summary>
internal enum SlotStatus
{
    /// <summary>Not all of its inputs are decided.</summary>
    Undecided,

    /// <summary>It will never run: none of its inputs is live.</summary>
    Dead,

    /// <summary>It may start.</summary>
    Ready,

    /// <summary>It has started and has no recorded end.</summary>
    Started,

    /// <summary>It waits for a time, a request or a person.</summary>
    Waiting,

    /// <summary>An attempt failed; the next one comes after a pause.</summary>
    Pausing,

    /// <summary>It gave a value through one port.</summary>
    Completed,

    /// <summary>It failed for good, and nothing goes on from it.</summary>
    Failed,
}

/// <summary>A node in one frame: what the log says of it. Changed by <see cref="WorkflowState"/> only.</summary>
internal sealed class Slot(CompiledNode node, Frame frame)
{
    private readonly Lock _lock = new();
    private string? _stepId;
    private List<SessionEvent>? _recorded;

    public CompiledNode Node => node;

    public Frame Frame => frame;

    /// <summary>The step's id: <c>node</c>, <c>node[2.0]</c> inside loops, <c>sub/node</c> inside another workflow.</summary>
    public string StepId => _stepId ??= frame.StepIdOf(node.Id);

    public SlotStatus Status { get; set; }

    /// <summary>The newest attempt, from 1; 0 before the first.</summary>
    public int Attempt { get; set; }

    /// <summary>How many inputs are live.</summary>
    public int Live { get; set; }

    /// <summary>How many inputs are dead.</summary>
    public int Dead { get; set; }

    /// <summary>It runs even if no input is live: the node that a run was started from.</summary>
    public bool Forced { get; set; }

    /// <summary>What had happened when it became ready: what ended by then is what it sees.</summary>
    public int ReadyAt { get; set; }

    /// <summary>When it ended, in the same count.</summary>
    public int EndedAt { get; set; }

    /// <summary>The port that its value came through.</summary>
    public string? Port { get; set; }

    /// <summary>Its value.</summary>
    public JsonElement Value { get; set; }

    /// <summary>Whether an attempt that has no recorded end may be made again.</summary>
    public bool RepeatSafe { get; set; } = true;

    /// <summary>Whether it computes from its inputs alone: it runs on the run's own thread.</summary>
    public bool Pure { get; set; }

    /// <summary>When the next attempt begins.</summary>
    public DateTimeOffset RetryAt { get; set; }

    /// <summary>Whether that pause needs no process.</summary>
    public bool LongPause { get; set; }

    /// <summary>Why it is tried again.</summary>
    public string? RetryReason { get; set; }

    /// <summary>What it waits for.</summary>
    public NodeWaiting? Wait { get; set; }

    /// <summary>What ended its wait: it goes on from there.</summary>
    public WaitEnd? Resumed { get; set; }

    /// <summary>The question to a person that nobody else can answer: how its attempt ended.</summary>
    public NodeResult.OutcomeUnknown? Unknown { get; set; }

    /// <summary>What a person said to that; taken up by the next attempt.</summary>
    public OutcomeDecision? Decision { get; set; }

    /// <summary>What a person had said when the present attempt began.</summary>
    public OutcomeDecision? Told { get; set; }

    /// <summary>A result that follows from what is inside (a loop, another workflow) and has yet to be recorded.</summary>
    public NodeResult? Outcome { get; set; }

    /// <summary>The iterations of a loop that has started.</summary>
    public LoopState? Loop { get; set; }

    /// <summary>The other workflow inside it, once it has started.</summary>
    public Activation? Inner { get; set; }

    /// <summary>Its settings, evaluated when it starts.</summary>
    public JsonElement Settings { get; set; }

    /// <summary>Whether its end is recorded.</summary>
    public bool Ended => Status is SlotStatus.Completed or SlotStatus.Failed or SlotStatus.Dead;

    /// <summary>Whether it stands between its start and its end.</summary>
    public bool Busy => Status is SlotStatus.Started or SlotStatus.Waiting or SlotStatus.Pausing;

    /// <summary>Keeps an event of something inside it, for a later attempt. Its tasks call this from their own threads.</summary>
    public void Keep(SessionEvent e)
    {
        if (e.Data is ModelDelta)
        {
            return;
        }

        lock (_lock)
        {
            (_recorded ??= []).Add(e);
        }
    }

    /// <summary>What was recorded inside it so far.</summary>
    public IReadOnlyList<SessionEvent> RecordedNow()
    {
        lock (_lock)
        {
            return _recorded is { } recorded ? [.. recorded] : [];
        }
    }

    /// <summary>The steps inside it that began and have no end, with their newest attempts.</summary>
    public IReadOnlyList<(string StepId, int Attempt)> OpenInside()
    {
        lock (_lock)
        {
            if (_recorded is null)
            {
                return [];
            }

            var open = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var e in _recorded)
            {
                if (e is { StepId: { } stepId, Data: StepStarted or StepRestarted })
                {
                    open[stepId] = e.Attempt;
                }
                else if (e is { StepId: { } ended, Data: StepCompleted or StepFailed })
                {
                    open.Remove(ended);
                }
            }

            return [.. open.Select(step => (step.Key, step.Value))];
        }
    }

    /// <summary>It has ended: what was inside is not needed any more.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _recorded = null;
        }
    }

    /// <summary>Whether a value left through this port.</summary>
    public bool IsLive(string port) => Status == SlotStatus.Completed && string.Equals(Port, port, StringComparison.Ordinal);
}

/// <summary>The iterations of a loop.</summary>
internal sealed class LoopState(LoopPlan plan, JsonElement first)
{
    public LoopPlan Plan => plan;

    /// <summary>The frames of iterations that go on.</summary>
    public Dictionary<int, Frame> Frames { get; } = [];

    /// <summary>The results by iteration; holes where one goes on.</summary>
    public List<JsonElement> Results { get; } = [];

    /// <summary>The next iteration to begin.</summary>
    public int Next { get; set; }

    /// <summary>The newest result, for a loop without a list.</summary>
    public JsonElement Newest { get; set; } = first;

    /// <summary>Why it fails.</summary>
    public NodeError? Failure { get; set; }

    /// <summary>Whether iterations are being begun just now: one that ends at once must not begin others itself.</summary>
    public bool Advancing { get; set; }
}

/// <summary>Why a node or a run failed.</summary>
/// <param name="Code">Stable, snake case.</param>
/// <param name="Message">A sentence that a person can act on.</param>
/// <param name="Step">Where it began.</param>
/// <param name="CanRetry">Whether trying again can help.</param>
internal sealed record NodeError(string Code, string Message, string? Step = null, bool CanRetry = false)
{
    /// <summary>The code of what was under way when its run or its iteration ended.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The value with which a run goes on behind a failure.</summary>
    public JsonElement ToValue() => JsonSerializer.SerializeToElement(new { error = new { code = Code, message = Message, step = Step } });
}

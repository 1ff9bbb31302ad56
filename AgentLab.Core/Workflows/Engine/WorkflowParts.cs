using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Workflows.Engine.State;
using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>What the loop of one run is made of. Nothing in it is shared with another run.</summary>
internal sealed record WorkflowParts
{
    public required RunIdentity Run { get; init; }

    public required WorkflowState State { get; init; }

    public required Evaluation Evaluation { get; init; }

    public required InnerWorkflows Inner { get; init; }

    public required RunJournal Journal { get; init; }

    public required Mailbox Mailbox { get; init; }

    public required UsageMeter Meter { get; init; }

    public required RunClock Clock { get; init; }

    public required Bounds Limits { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    public required LiveRuns Live { get; init; }

    public required WaitSignal Signal { get; init; }

    /// <summary>Which nodes run; null for all.</summary>
    public Selection? Selection { get; init; }

    /// <summary>Whether a process before this one had the run: what it left open is to be taken over.</summary>
    public bool Recovered { get; init; }

    /// <summary>Whether the log says that a person asked to stop.</summary>
    public bool StopRequested { get; init; }

    /// <summary>The bounds of which the log has a warning already.</summary>
    public IReadOnlyCollection<string> Warned { get; init; } = [];

    /// <summary>The step that the log asks a person about.</summary>
    public Slot? Asked { get; init; }
}

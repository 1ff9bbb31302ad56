using AgentLab.Core.Sessions;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Word for runs that go on in another process: left in the database by whoever has something for a step that waits, taken from there by the run's owner.</summary>
public interface IRunLetters
{
    /// <summary>Leaves a letter, durably.</summary>
    ValueTask LeaveAsync(RunLetter letter, CancellationToken cancellationToken);

    /// <summary>The letters without an answer for the runs that this node holds, oldest first.</summary>
    ValueTask<IReadOnlyList<RunLetter>> OfNodeAsync(string node, int max, CancellationToken cancellationToken);

    /// <summary>The owner says what became of a letter; without effect when it was withdrawn.</summary>
    ValueTask AnswerAsync(Guid letter, string answer, CancellationToken cancellationToken);

    /// <summary>Takes the answer to a letter, and the letter with it; null while there is none.</summary>
    ValueTask<string?> TakeAnswerAsync(Guid letter, CancellationToken cancellationToken);

    /// <summary>Takes a letter back; false when it was answered already.</summary>
    ValueTask<bool> WithdrawAsync(Guid letter, CancellationToken cancellationToken);

    /// <summary>Throws away what was left before this moment: nobody waits for its answer any more.</summary>
    ValueTask PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>Word for a step that waits.</summary>
/// <param name="Id">Its id.</param>
/// <param name="RunId">The run.</param>
/// <param name="StepId">The step.</param>
/// <param name="Content">What ends the wait, as UTF-8 JSON.</param>
/// <param name="At">When it was left.</param>
public sealed record RunLetter(Guid Id, RunId RunId, string StepId, ReadOnlyMemory<byte> Content, DateTimeOffset At);

using System.Diagnostics;
using System.Text.Json;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Hosting.Hints;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Ends waits of runs that go on in another process: leaves a letter, and waits for what the owner, or whoever takes the run over, says to it.</summary>
internal sealed class RemoteWaker(IRunLetters letters, IRunDirectory directory, INodeRegistry registry, NodeLease lease, IHints hints, TimeProvider time)
{
    /// <summary>Longer than it takes to take a run over.</summary>
    private const int MostSeconds = 30;

    private const int OwnerEvery = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether the run goes on in another process.</summary>
    public bool IsElsewhere(OwnedRun owned) => registry.Shared && !owned.Waiting && owned.Node != lease.NodeId;

    /// <summary>Sends what ends the wait.</summary>
    /// <returns>
    /// What became of it; null when nothing did and the run is no longer elsewhere: look again. <see cref="WakeAnswer.Closed"/> when nobody has answered for so long.
    /// </returns>
    public async Task<WakeAnswer?> SendAsync(RunWait wait, WakeEnd end, CancellationToken cancellationToken)
    {
        if (wait.Kind == RunWait.Retry || end.Cause == WakeEnd.Due)
        {
            // What ends by itself the owner ends.
            return WakeAnswer.Closed;
        }

        var letter = new RunLetter(Guid.CreateVersion7(), wait.RunId, wait.StepId, LetterContent.Write(end), time.GetUtcNow());
        await letters.LeaveAsync(letter, cancellationToken);
        hints.Send(new Hint(HintKind.Run, wait.RunId.ToString()));
        return await AwaitAsync(letter, cancellationToken);
    }

    private async Task<WakeAnswer?> AwaitAsync(RunLetter letter, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var look = 1; time.GetElapsedTime(began).TotalSeconds < MostSeconds; look++)
        {
            await Task.Delay(Pause, time, cancellationToken);
            if (await letters.TakeAnswerAsync(letter.Id, cancellationToken) is { } answer)
            {
                return LetterContent.Read(answer);
            }

            if (look % OwnerEvery == 0 && (await directory.FindAsync(letter.RunId, cancellationToken) is not { } owned || !IsElsewhere(owned)))
            {
                return await WithdrawAsync(letter, null, cancellationToken);
            }
        }

        return await WithdrawAsync(letter, WakeAnswer.Closed, cancellationToken);
    }

    private async Task<WakeAnswer?> WithdrawAsync(RunLetter letter, WakeAnswer? otherwise, CancellationToken cancellationToken)
    {
        if (await letters.WithdrawAsync(letter.Id, cancellationToken))
        {
            return otherwise;
        }

        return await letters.TakeAnswerAsync(letter.Id, cancellationToken) is { } answer ? LetterContent.Read(answer) : otherwise;
    }
}

/// <summary>What is in a letter, and what is answered to it.</summary>
internal static class LetterContent
{
    private const string Taken = "taken";
    private const string NotWaiting = "not_waiting";

    /// <summary>What ends the wait, as JSON.</summary>
    public static byte[] Write(WakeEnd end) => JsonSerializer.SerializeToUtf8Bytes(
        new Sent(end.Cause, end.ApprovalId, end.Hash, end.Data.ValueKind == JsonValueKind.Undefined ? null : end.Data, end.By, end.Reason, end.DataHash, end.ForSession));

    /// <summary>The same again.</summary>
    public static WakeEnd Read(ReadOnlyMemory<byte> json)
    {
        var sent = JsonSerializer.Deserialize<Sent>(json.Span)!;
        return new WakeEnd(sent.Cause, sent.ApprovalId, sent.Hash, sent.Data ?? default, sent.By, sent.Reason, sent.DataHash, sent.ForSession);
    }

    /// <summary>The word for an answer.</summary>
    public static string Write(WakeAnswer answer) => answer switch
    {
        WakeAnswer.Taken => Taken,
        WakeAnswer.NotWaiting => NotWaiting,
        _ => throw new UnreachableException("A run that does not go on any more answers nothing."),
    };

    /// <summary>The answer for a word.</summary>
    public static WakeAnswer Read(string answer) => answer == Taken ? WakeAnswer.Taken : WakeAnswer.NotWaiting;

    private sealed record Sent(string Cause, Guid? ApprovalId, string? Hash, JsonElement? Data, Guid? By, string? Reason, string? DataHash, bool ForSession);
}

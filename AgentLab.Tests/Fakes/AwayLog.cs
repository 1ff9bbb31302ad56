using AgentLab.Core.Sessions;

namespace AgentLab.Tests.Fakes;

/// <summary>A real log whose store a test takes away and brings back.</summary>
internal sealed class AwayLog(ISessionLog inner) : ISessionLog
{
    private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>While true nothing is taken.</summary>
    public bool Away { get; set; }

    /// <summary>Completes with the first append that was not taken.</summary>
    public Task Refused => _refused.Task;

    public ValueTask<AppendOutcome> AppendAsync(SessionAppend append, CancellationToken cancellationToken)
    {
        if (!Away)
        {
            return inner.AppendAsync(append, cancellationToken);
        }

        _refused.TrySetResult();
        throw new SessionLogUnavailableException("The store is away.", null);
    }
}

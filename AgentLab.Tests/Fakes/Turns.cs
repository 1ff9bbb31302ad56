namespace AgentLab.Tests.Fakes;

/// <summary>
/// Lets what would run side by side go on one after the other, in an order that a seed decides: each waits here for its turn, and goes on to its next wait before anybody else moves.
/// </summary>
internal sealed class Turns(Random random)
{
    private readonly List<TaskCompletionSource> _waiting = [];

    /// <summary>How many wait.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Waits for a turn.</summary>
    public Task NextAsync()
    {
        // Goes on inside Give, so that a turn is over when that returns.
        var turn = new TaskCompletionSource();
        _waiting.Add(turn);
        return turn.Task;
    }

    /// <summary>Gives somebody a turn.</summary>
    public void Give()
    {
        if (_waiting.Count > 0)
        {
            var turn = _waiting[random.Next(_waiting.Count)];
            _waiting.Remove(turn);
            turn.SetResult();
        }
    }
}

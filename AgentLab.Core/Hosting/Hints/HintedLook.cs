namespace AgentLab.Core.Hosting.Hints;

/// <summary>When to look into the database: after a hint that concerns the looker, and after a while without one.</summary>
public sealed class HintedLook : IDisposable
{
    private readonly TimeProvider _time;
    private readonly IDisposable _listening;
    private readonly SemaphoreSlim _hinted = new(0, 1);

    /// <param name="hints">Where hints come from.</param>
    /// <param name="concerns">Whether a hint is worth a look; <see cref="HintKind.Gap"/> always is.</param>
    /// <param name="time">Measures.</param>
    public HintedLook(IHints hints, Func<Hint, bool> concerns, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(hints);
        _time = time;
        _listening = hints.Listen(hint =>
        {
            if (hint.Kind == HintKind.Gap || concerns(hint))
            {
                Wake();
            }
        });
    }

    /// <summary>Ends the present wait, or the next one.</summary>
    public void Wake()
    {
        try
        {
            if (_hinted.CurrentCount == 0)
            {
                _hinted.Release();
            }
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // A look is due already, or nobody looks any more.
        }
    }

    /// <summary>Waits for a hint, at most so long; returns early and without an exception when the token fires.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var hinted = _hinted.WaitAsync(over.Token);
        await Task.WhenAny(hinted, Task.Delay(atMost, _time, over.Token));
        await over.CancelAsync();
        await hinted.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _listening.Dispose();
        _hinted.Dispose();
    }
}

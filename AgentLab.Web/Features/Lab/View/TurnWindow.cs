namespace AgentLab.Web.Features.Lab.View;

/// <summary>
/// Which of the loaded turns are shown: so many at most that a page stays quick, however far a person goes back. It ends with the newest turn and follows it, or is held by
/// its last turn, since indexes move when turns come before it.
/// </summary>
internal sealed class TurnWindow
{
    /// <summary>How many turns are shown at once.</summary>
    public const int Most = 150;

    /// <summary>How far one step goes at most; what was at the edge stays in sight.</summary>
    private const int Step = 100;

    private Turn? _last;

    /// <summary>The part of the turns that is shown.</summary>
    public (int From, int To) Range(IReadOnlyList<Turn> turns)
    {
        var last = _last is null ? -1 : IndexOf(turns, _last);
        var to = last < 0 ? turns.Count : last + 1;
        return (Math.Max(0, to - Most), to);
    }

    /// <summary>Shows what comes before this turn.</summary>
    public void Before(IReadOnlyList<Turn> turns, Turn first)
    {
        var at = IndexOf(turns, first);
        if (at > 0)
        {
            EndAt(turns, Math.Max(0, at - Step) + Most);
        }
    }

    /// <summary>Shows what comes after it.</summary>
    public void Later(IReadOnlyList<Turn> turns) => EndAt(turns, Range(turns).To + Step);

    /// <summary>Shows the newest.</summary>
    public void Newest() => _last = null;

    private void EndAt(IReadOnlyList<Turn> turns, int to) => _last = to < turns.Count ? turns[to - 1] : null;

    private static int IndexOf(IReadOnlyList<Turn> turns, Turn turn)
    {
        for (var i = turns.Count - 1; i >= 0; i--)
        {
            if (ReferenceEquals(turns[i], turn))
            {
                return i;
            }
        }

        return -1;
    }
}

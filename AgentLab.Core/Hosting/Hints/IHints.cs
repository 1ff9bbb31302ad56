namespace AgentLab.Core.Hosting.Hints;

/// <summary>
/// Wakes other nodes up: something that concerns them is in the database. A hint carries no truth. It may be lost, come late or come twice; whoever is woken reads the database, and
/// looks there by itself about every second in case a hint was lost.
/// </summary>
public interface IHints
{
    /// <summary>How hints travel at present.</summary>
    HintState State { get; }

    /// <summary>Whether other nodes serve the database, as far as is known. Without them nothing is sent.</summary>
    bool Others { get; set; }

    /// <summary>Sends a hint to the other nodes, soon; returns at once. Hints of the same kind and key that wait are made one, with the highest number.</summary>
    void Send(Hint hint);

    /// <summary>
    /// Has the hints of other nodes handed over, and <see cref="HintKind.Gap"/> whenever some may have been lost. The receiver must be quick and must not throw. Dispose of the
    /// answer to end it.
    /// </summary>
    IDisposable Listen(Action<Hint> receiver);
}

/// <summary>A wake-up call.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Key">The session, run, node or workflow; no line breaks or blanks.</param>
/// <param name="Number">The session's head, the draft's revision; 0 for other kinds.</param>
public readonly record struct Hint(HintKind Kind, string Key, long Number = 0);

/// <summary>What a hint is about.</summary>
public enum HintKind
{
    /// <summary>A session has new events, up to the number.</summary>
    Session,

    /// <summary>A session was changed from outside its log: renamed or deleted.</summary>
    Changed,

    /// <summary>Somebody left word for a run: a stop, an answer.</summary>
    Run,

    /// <summary>A node came or went.</summary>
    Nodes,

    /// <summary>Hints may have been lost: look at everything.</summary>
    Gap,

    /// <summary>A workflow's draft was changed, up to the revision, or the workflow was published or deleted.</summary>
    Workflow,

    /// <summary>Tasks were changed.</summary>
    Task,

    /// <summary>A run asked a person something, or a question came to its end.</summary>
    Approvals,
}

/// <summary>How hints travel.</summary>
public enum HintState
{
    /// <summary>Not at all, by choice: there are no other nodes, or they look by themselves.</summary>
    None,

    /// <summary>They arrive.</summary>
    Connected,

    /// <summary>They should, and do not just now: everybody looks by themselves, about every second.</summary>
    Away,
}

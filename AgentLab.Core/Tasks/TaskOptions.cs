namespace AgentLab.Core.Tasks;

/// <summary>Bounds of the queue: <c>AgentLab:Tasks</c>.</summary>
public sealed class TaskOptions
{
    /// <summary>Where the settings are.</summary>
    public const string Section = "AgentLab:Tasks";

    /// <summary>Tasks that run at the same time on all nodes together, 1 to 1,000. Default: 32.</summary>
    public int Concurrent { get; set; } = 32;

    /// <summary>Of these, tasks of one project. Default: 32.</summary>
    public int PerProject { get; set; } = 32;

    /// <summary>Of these, tasks of one agent or workflow. Default: 16.</summary>
    public int PerWorker { get; set; } = 16;

    /// <summary>How often a task is tried before it is set aside, 1 to 20. Default: 5.</summary>
    public int Attempts { get; set; } = 5;

    /// <summary>The pause before the second try; it doubles with each further one. 100 ms to 1 h. Default: 5 s.</summary>
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause between two tries, up to 24 h. Default: 10 min.</summary>
    public TimeSpan LongestRetryPause { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>For how long a task waits until it counts as much as one of the next higher priority, 1 s to 24 h. Default: 10 min.</summary>
    public TimeSpan Ageing { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Seconds that one attempt may take when its task says nothing, 1 to 604,800. Default: 3,600.</summary>
    public int TimeLimit { get; set; } = 3600;

    /// <summary>How late a run by a schedule may begin before it counts as missed, 1 s to 24 h. Default: 5 min.</summary>
    public TimeSpan MissedAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>What is wrong with the values, each in a sentence that names the setting.</summary>
    public IEnumerable<string> Faults()
    {
        foreach (var (name, value, most) in new[]
        {
            (nameof(Concurrent), Concurrent, 1000), (nameof(PerProject), PerProject, 1000), (nameof(PerWorker), PerWorker, 1000), (nameof(Attempts), Attempts, 20),
            (nameof(TimeLimit), TimeLimit, TaskRules.MostSeconds),
        })
        {
            if (value < 1 || value > most)
            {
                yield return $"{Section}:{name} is {value}; it must be 1 to {most}.";
            }
        }

        foreach (var (name, value, least) in new[]
        {
            (nameof(RetryPause), RetryPause, TimeSpan.FromMilliseconds(100)), (nameof(LongestRetryPause), LongestRetryPause, TimeSpan.FromMilliseconds(100)),
            (nameof(Ageing), Ageing, TimeSpan.FromSeconds(1)), (nameof(MissedAfter), MissedAfter, TimeSpan.FromSeconds(1)),
        })
        {
            if (value < least || value > TimeSpan.FromDays(1))
            {
                yield return $"{Section}:{name} is {value}; it must be {least} to 1.00:00:00.";
            }
        }
    }

    /// <summary>The pause before the try that follows this one, a half to all of the full pause, so that tasks that failed together do not come back together.</summary>
    /// <param name="attempt">The try that failed, from 1.</param>
    /// <param name="chance">From 0 to 1.</param>
    public TimeSpan PauseAfter(int attempt, double chance)
    {
        var full = Math.Min(LongestRetryPause.TotalMilliseconds, RetryPause.TotalMilliseconds * Math.Pow(2, Math.Clamp(attempt - 1, 0, 30)));
        return TimeSpan.FromMilliseconds(full * (0.5 + (Math.Clamp(chance, 0, 1) / 2)));
    }
}

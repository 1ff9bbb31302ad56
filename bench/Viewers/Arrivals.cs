using System.Diagnostics;

namespace AgentLab.Bench.Viewers;

/// <summary>When which event arrived at how many viewers, and the newest event that all of them have.</summary>
internal sealed class Arrivals(int viewers, Action<long> all)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, int> _counts = [];
    private List<(long Sequence, long At)> _times = [];
    private int _viewers = viewers;

    /// <summary>Faults of order: an event that came twice, or with a gap before it.</summary>
    public int Faults { get; private set; }

    public void Add(long sequence)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            _times.Add((sequence, now));
            var count = _counts.GetValueOrDefault(sequence) + 1;
            if (count < _viewers)
            {
                _counts[sequence] = count;
                return;
            }

            _counts.Remove(sequence);
        }

        all(sequence);
    }

    public void Fault()
    {
        lock (_lock)
        {
            Faults++;
        }
    }

    /// <summary>One viewer no longer counts.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _viewers--;
        }
    }

    public List<(long Sequence, long At)> Take()
    {
        lock (_lock)
        {
            (var times, _times) = (_times, []);
            return times;
        }
    }
}

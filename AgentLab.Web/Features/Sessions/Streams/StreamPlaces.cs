using Microsoft.Extensions.Options;

namespace AgentLab.Web.Features.Sessions.Streams;

/// <summary>Counts the open streams of each person and refuses more than the settings allow.</summary>
internal sealed class StreamPlaces(IOptions<StreamOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, int> _open = [];

    /// <summary>How many one person may have.</summary>
    public int PerUser => options.Value.PerUser;

    /// <summary>How many are open in all.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _open.Values.Sum();
            }
        }
    }

    /// <summary>Takes a place, given back by disposing it (once or often); null when this person has them all.</summary>
    public IDisposable? TryEnter(Guid userId)
    {
        lock (_lock)
        {
            var open = _open.GetValueOrDefault(userId);
            if (open >= PerUser)
            {
                return null;
            }

            _open[userId] = open + 1;
            return new Place(this, userId);
        }
    }

    private void Leave(Guid userId)
    {
        lock (_lock)
        {
            if (--_open[userId] == 0)
            {
                _open.Remove(userId);
            }
        }
    }

    private sealed class Place(StreamPlaces places, Guid userId) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                places.Leave(userId);
            }
        }
    }
}

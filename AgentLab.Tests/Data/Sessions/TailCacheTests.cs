using System.Text;
using AgentLab.Core.Hosting.Hints;
using AgentLab.Core.Sessions;
using AgentLab.Data.Sessions.Feed;
using AgentLab.Tests.Fakes;

namespace AgentLab.Tests.Data.Sessions;

/// <summary>Tails are bounded: a thousand sessions, least recently used out first, and so many bytes for all of them.</summary>
public sealed class TailCacheTests
{
    private readonly TailCache _cache = new(new NoHints(), new QuietApprovals(), TimeProvider.System);

    [Fact]
    public void Enter_MoreSessionsThanAreKept_LetsTheLeastRecentlyUsedGoFirst()
    {
        var ids = Ids(TailCache.MaxTails);
        var tails = ids.ConvertAll(Look);
        Look(ids[0]).ShouldBeSameAs(tails[0], "one that was looked at again is the newest");

        Look(SessionId.New());
        Look(SessionId.New());

        _cache.Sessions.ShouldBe(TailCache.MaxTails);
        Look(ids[0]).ShouldBeSameAs(tails[0]);
        Look(ids[3]).ShouldBeSameAs(tails[3]);
        Look(ids[1]).ShouldNotBeSameAs(tails[1]);
        Look(ids[2]).ShouldNotBeSameAs(tails[2]);
        _cache.Sessions.ShouldBe(TailCache.MaxTails);
    }

    [Fact]
    public void Enter_WhileSomebodyLooks_NeverLetsThatTailGo()
    {
        var watched = Ids(TailCache.MaxTails + 5).ConvertAll(id => (Id: id, Tail: _cache.Enter(id)));

        Look(SessionId.New());

        _cache.Viewers.ShouldBe(watched.Count);
        watched.ShouldAllBe(w => ReferenceEquals(_cache.Watched(w.Id), w.Tail));
        watched.ForEach(w => _cache.Leave(w.Tail));
        Look(SessionId.New());
        (_cache.Sessions, _cache.Viewers).ShouldBe((TailCache.MaxTails, 0));
    }

    [Fact]
    public void Publish_MoreThanAllTailsMayHold_GivesBackTheMemoryOfTheOldest()
    {
        var data = Encoding.UTF8.GetBytes($$"""{"text":"{{new string('x', 60_000)}}"}""");
        var (most, seen, last) = (0L, new List<SessionTail>(), 0L);
        foreach (var id in Ids(640))
        {
            var tail = _cache.Enter(id);
            seen.Add(tail);
            _cache.Publish(id, [new EncodedEvent(new SessionEvent(1, null, null, 0, "model.delta", 1, DateTimeOffset.UnixEpoch, data))]);
            _cache.Leave(tail);
            last = seen.Sum(t => (long)t.Bytes);
            most = Math.Max(most, last);
        }

        // The sum is looked at now and then: by then at most 64 sessions have come with what one of them holds.
        most.ShouldBeLessThanOrEqualTo(TailCache.MaxBytes + (64L * seen[^1].Bytes));
        last.ShouldBeLessThan(most, "memory was given back");
        seen[0].Bytes.ShouldBe(0);
        seen[0].Head.ShouldBe(1, "where the session ends stays known: the rest is in the database");
        seen[^1].Bytes.ShouldBeGreaterThan(data.Length);
    }

    private static List<SessionId> Ids(int count) => [.. Enumerable.Range(0, count).Select(_ => SessionId.New())];

    /// <summary>Comes and goes.</summary>
    private SessionTail Look(SessionId id)
    {
        var tail = _cache.Enter(id);
        _cache.Leave(tail);
        return tail;
    }
}

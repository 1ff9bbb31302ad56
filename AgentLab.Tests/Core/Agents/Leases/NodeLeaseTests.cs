using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Sessions;
using AgentLab.Tests.Fakes;

namespace AgentLab.Tests.Core.Agents.Leases;

public sealed class NodeLeaseTests : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();
    private readonly NodeIdentity _node = new("web", Period);
    private readonly NodeLease _lease;

    public NodeLeaseTests()
    {
        _lease = new NodeLease(_node, _time);
        _lease.Begin(Moment.Now(_time));
    }

    public void Dispose() => _lease.Dispose();

    [Fact]
    public void MayJudge_AfterARenewalInTime_IsTrue()
    {
        _time.Advance(Period / 3);
        _lease.Renewed(_lease.Current, Moment.Now(_time));

        _lease.MayJudge.ShouldBeTrue();
    }

    [Fact]
    public void MayJudge_AfterALateRenewal_ComesBackAfterALeasesTime()
    {
        _time.Advance(Period);
        _lease.Renewed(_lease.Current, Moment.Now(_time));
        _lease.MayJudge.ShouldBeFalse();

        Renew(Period);

        _lease.MayJudge.ShouldBeTrue();
    }

    [Fact]
    public void MayJudge_AfterADoubt_ComesBackAfterALeasesTime()
    {
        _lease.Doubt();
        Renew(Period * 0.9);
        _lease.MayJudge.ShouldBeFalse();

        Renew(Period * 0.2);

        _lease.MayJudge.ShouldBeTrue();
    }

    [Fact]
    public void Lose_ATerm_EndsItForGoodAndGivesTheNodeAnotherId()
    {
        var (term, id) = (_lease.Current, _node.Id);

        _lease.Lose();
        _lease.Begin(Moment.Now(_time));

        term.Held.ShouldBeFalse();
        term.Lost.IsCancellationRequested.ShouldBeTrue();
        _lease.NodeId.ShouldNotBe(id);
        _lease.NodeId.ShouldStartWith("web/");
        _lease.Held.ShouldBeTrue();
        _lease.Broken.ShouldBeTrue();
    }

    private void Renew(TimeSpan during)
    {
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(during / 10);
            _lease.Renewed(_lease.Current, Moment.Now(_time));
        }
    }
}

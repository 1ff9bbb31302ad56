using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Tests.Fakes;

namespace AgentLab.Tests.Core.Agents.Leases;

public sealed class LeaseTermTests : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();
    private readonly LeaseTerm _term;

    public LeaseTermTests() => _term = new LeaseTerm("node", Lease, _time);

    public void Dispose() => _term.Dispose();

    [Fact]
    public void Held_ALittleBeforeTheLeaseIsOver_EndsByTheHoldersOwnClock()
    {
        _time.Advance(Lease * 0.89);
        _term.Held.ShouldBeTrue();

        _time.Advance(Lease * 0.02);

        _term.Held.ShouldBeFalse();
    }

    [Fact]
    public void Renewed_LateAnswer_CountsFromTheMomentOfAsking()
    {
        var asked = Moment.Now(_time);
        _time.Advance(Lease);

        _term.Renewed(asked);

        _term.Held.ShouldBeFalse();
    }

    [Fact]
    public async Task Hold_OverAndThenRenewed_Completes()
    {
        _time.Advance(Lease);
        var hold = _term.HoldAsync(default).AsTask();
        hold.IsCompleted.ShouldBeFalse();

        _term.Renewed(Moment.Now(_time));

        await hold;
    }

    [Fact]
    public async Task Hold_OverAndThenLost_Throws()
    {
        _time.Advance(Lease);
        var hold = _term.HoldAsync(default).AsTask();

        _term.Lose();

        await Should.ThrowAsync<RunLostException>(() => hold);
        _term.Held.ShouldBeFalse();
        _term.Lost.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void Age_MachineThatSlept_CountsTheLongerOfItsTwoClocks()
    {
        var time = new SleptTime();
        var asked = Moment.Now(time);

        time.Slept = TimeSpan.FromMinutes(1);

        asked.Age(time).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(1));
    }

    /// <summary>A machine whose monotonic clock stood while it slept.</summary>
    private sealed class SleptTime : TimeProvider
    {
        public TimeSpan Slept { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Slept;
    }
}

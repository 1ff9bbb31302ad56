using AgentLab.Tests.Fakes;
using AgentLab.Web.Shared;

namespace AgentLab.Tests.Web.Shared;

public sealed class ThrottlerTests
{
    private readonly SteppedTime _time = new();
    private int _runs;

    [Fact]
    public void Request_ManyWithinTheInterval_RunTwice()
    {
        using var throttler = Create();

        for (var i = 0; i < 50; i++)
        {
            throttler.Request();
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        _runs.ShouldBe(1);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        _runs.ShouldBe(2);
        _time.Advance(TimeSpan.FromSeconds(1));
        _runs.ShouldBe(2);
    }

    [Fact]
    public async Task Request_WhileWorkGoesOn_RunsAgainAfterIt()
    {
        var gate = new TaskCompletionSource();
        using var throttler = new Throttler(_time, TimeSpan.FromMilliseconds(100), async () => { _runs++; await gate.Task; }, _ => Task.CompletedTask);
        throttler.Request();
        _time.Advance(TimeSpan.FromMilliseconds(1));

        throttler.Request();
        _time.Advance(TimeSpan.FromSeconds(1));
        _runs.ShouldBe(1);
        gate.SetResult();
        await Task.Yield();
        _time.Advance(TimeSpan.FromSeconds(1));

        _runs.ShouldBe(2);
    }

    [Fact]
    public void Request_AfterDispose_RunsNothing()
    {
        var throttler = Create();
        throttler.Dispose();

        throttler.Request();
        _time.Advance(TimeSpan.FromSeconds(1));

        _runs.ShouldBe(0);
    }

    [Fact]
    public void Fault_InWork_IsHandedOn()
    {
        Exception? seen = null;
        using var throttler = new Throttler(_time, TimeSpan.FromMilliseconds(100), () => throw new InvalidOperationException("x"), fault => { seen = fault; return Task.CompletedTask; });

        throttler.Request();
        _time.Advance(TimeSpan.FromMilliseconds(1));

        seen.ShouldBeOfType<InvalidOperationException>();
    }

    private Throttler Create() => new(_time, TimeSpan.FromMilliseconds(100), () => { _runs++; return Task.CompletedTask; }, _ => Task.CompletedTask);
}

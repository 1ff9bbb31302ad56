using AgentLab.Data.Sessions.Log;

namespace AgentLab.Tests.Data.Sessions;

public sealed class ByteGateTests
{
    private readonly ByteGate _gate = new(100);

    [Fact]
    public async Task Enter_MoreThanThereIsRoomFor_WaitsUntilOthersLeave()
    {
        await _gate.EnterAsync(60, default);
        var second = _gate.EnterAsync(60, default).AsTask();
        second.IsCompleted.ShouldBeFalse();

        _gate.Leave(60);
        await second;

        _gate.Held.ShouldBe(60);
    }

    [Fact]
    public async Task Enter_BehindOneThatWaits_KeepsItsPlace()
    {
        await _gate.EnterAsync(60, default);
        var large = _gate.EnterAsync(90, default).AsTask();
        var small = _gate.EnterAsync(1, default).AsTask();

        small.IsCompleted.ShouldBeFalse("or a large one would wait for ever");
        _gate.Leave(60);
        await Task.WhenAll(large, small);

        _gate.Held.ShouldBe(91);
    }

    [Fact]
    public async Task Enter_LargerThanTheBound_PassesAlone()
    {
        await _gate.EnterAsync(1, default);
        var huge = _gate.EnterAsync(1_000, default).AsTask();
        huge.IsCompleted.ShouldBeFalse();

        _gate.Leave(1);
        await huge;
        var next = _gate.EnterAsync(1, default).AsTask();

        next.IsCompleted.ShouldBeFalse();
        _gate.Leave(1_000);
        await next;
        _gate.Held.ShouldBe(1);
    }

    [Fact]
    public async Task Enter_Cancelled_TakesNoRoomAndLetsTheNextPass()
    {
        using var gone = new CancellationTokenSource();
        await _gate.EnterAsync(80, default);
        var given = _gate.EnterAsync(50, gone.Token).AsTask();
        var next = _gate.EnterAsync(30, default).AsTask();

        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(given);
        _gate.Leave(80);
        await next;

        _gate.Held.ShouldBe(30);
    }

    [Fact]
    public async Task Enter_ManyAtOnce_NeverHoldsMoreThanTheBoundAndEndsEmpty()
    {
        var inside = 0;
        await Task.WhenAll(Enumerable.Range(1, 200).Select(number => Task.Run(async () =>
        {
            var bytes = number % 40 + 1;
            await _gate.EnterAsync(bytes, default);
            Interlocked.Add(ref inside, bytes).ShouldBeLessThanOrEqualTo(100);
            await Task.Yield();
            Interlocked.Add(ref inside, -bytes);
            _gate.Leave(bytes);
        })));

        _gate.Held.ShouldBe(0);
    }
}

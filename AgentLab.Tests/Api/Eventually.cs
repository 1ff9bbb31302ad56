namespace AgentLab.Tests.Api;

/// <summary>Waits for what must come to be, without a word on when; a minute is given to a busy machine before the test fails.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}

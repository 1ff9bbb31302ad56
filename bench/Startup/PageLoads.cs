using System.Diagnostics;
using AgentLab.Bench.Browsing;
using AgentLab.Core.Sessions;
using Microsoft.Playwright;

namespace AgentLab.Bench.Startup;

/// <summary>Pages as a browser loads them.</summary>
internal static class PageLoads
{
    private const int IdleMilliseconds = 1500;

    /// <summary>KB received until Lab stands and nothing more comes.</summary>
    public static async Task<double> FirstAsync(IPage page, Uri address)
    {
        await using var wire = await WireBytes.OfAsync(page);
        await page.GotoAsync(new Uri(address, "/lab").ToString());
        await page.WaitForSelectorAsync("[data-composer]");
        await page.WaitForTimeoutAsync(IdleMilliseconds);
        return wire.Bytes / 1000.0;
    }

    /// <summary>Seconds until the newest turn of a session is on the page, and the rows that it has then.</summary>
    public static async Task<(double Seconds, int Rows)> OpenSessionAsync(IPage page, Uri address, SessionId session)
    {
        var clock = Stopwatch.StartNew();
        await page.GotoAsync(new Uri(address, $"/lab/{session}").ToString(), new() { WaitUntil = WaitUntilState.Commit });
        await page.WaitForSelectorAsync("article.turn.run");
        var seconds = clock.Elapsed.TotalSeconds;
        await page.WaitForTimeoutAsync(IdleMilliseconds);
        return (seconds, await page.EvaluateAsync<int>("() => document.querySelectorAll('article, li, tr, [role=listitem]').length"));
    }
}

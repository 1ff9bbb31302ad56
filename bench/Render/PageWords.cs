using Microsoft.Playwright;

namespace AgentLab.Bench.Render;

/// <summary>When which word of a streamed answer came onto a page. Browser and server run on one machine and share its clock.</summary>
internal static class PageWords
{
    private const string Watch =
        """
        () => {
          window.seen = [];
          let last = 0;
          new MutationObserver(() => {
            const turns = document.querySelectorAll('article.turn.run');
            const words = turns[turns.length - 1].textContent.match(/word (\d+) ?$|word (\d+)(?!.*word \d)/s);
            const number = words ? Number(words[1] ?? words[2]) : 0;
            if (number > last) { last = number; window.seen.push([number, Date.now()]); }
          }).observe(document.body, { subtree: true, childList: true, characterData: true });
        }
        """;

    public static Task WatchAsync(IPage page) => page.EvaluateAsync(Watch);

    /// <summary>Milliseconds that each word waited: until the first look at the page that showed it or a later one.</summary>
    public static async Task<double[]> WaitsAsync(IPage page, IReadOnlyList<(int Number, double At)> sent)
    {
        await page.WaitForTimeoutAsync(1000);
        var seen = await page.EvaluateAsync<double[][]>("() => window.seen");
        return [.. sent.Select(word => seen.FirstOrDefault(s => s[0] >= word.Number) is { } found ? found[1] - word.At : double.NaN).Where(w => !double.IsNaN(w))];
    }
}

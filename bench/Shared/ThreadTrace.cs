using System.Text.Json;
using Microsoft.Playwright;

namespace AgentLab.Browsing;

/// <summary>
/// Script time of a page's main thread, frame by frame, from the browser's own trace. It is CPU time: other work on the machine does not count. The browser tests use it too.
/// </summary>
internal sealed class ThreadTrace
{
    private static readonly HashSet<string> Script = ["FunctionCall", "EvaluateScript", "FireAnimationFrame", "TimerFire", "RunMicrotasks", "EventDispatch"];

    private readonly ICDPSession _session;
    private readonly List<JsonElement> _events = [];
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ThreadTrace(ICDPSession session) => _session = session;

    public static async Task<ThreadTrace> StartAsync(IPage page)
    {
        var trace = new ThreadTrace(await page.Context.NewCDPSessionAsync(page));
        trace._session.Event("Tracing.dataCollected").OnEvent += (_, data) => trace._events.AddRange(data!.Value.GetProperty("value").EnumerateArray().Select(item => item.Clone()));
        trace._session.Event("Tracing.tracingComplete").OnEvent += (_, _) => trace._complete.TrySetResult();
        await trace._session.SendAsync("Tracing.start", new Dictionary<string, object> { ["categories"] = "devtools.timeline", ["transferMode"] = "ReportEvents" });
        return trace;
    }

    /// <summary>Milliseconds of script CPU of each frame between the first and the last animation frame, in order.</summary>
    public async Task<IReadOnlyList<double>> EndAsync()
    {
        await _session.SendAsync("Tracing.end");
        await _complete.Task;
        await _session.DetachAsync();
        var main = _events.First(e => Name(e) == "FireAnimationFrame").GetProperty("tid").GetInt64();
        var mine = _events.Where(e => e.GetProperty("tid").GetInt64() == main && e.GetProperty("ph").GetString() == "X" && Script.Contains(Name(e)))
            .Select(e => (Start: Number(e, "ts"), Length: Number(e, "dur"), Cpu: e.TryGetProperty("tdur", out var cpu) ? cpu.GetDouble() : Number(e, "dur"), Frame: Name(e) == "FireAnimationFrame"))
            .OrderBy(e => e.Start).ThenByDescending(e => e.Length).ToList();
        var frames = new List<double>();
        var (covered, last) = (0.0, double.NegativeInfinity);
        foreach (var (start, length, cpu, frame) in mine)
        {
            // Callbacks of one frame follow each other closely.
            if (frame && start - last > 4_000)
            {
                frames.Add(0);
                last = start;
            }

            // What runs inside of something that was counted is counted already.
            if (start >= covered && frames.Count > 0)
            {
                frames[^1] += cpu / 1000;
                covered = start + length;
            }
        }

        return frames;
    }

    private static string Name(JsonElement e) => e.GetProperty("name").GetString()!;

    private static double Number(JsonElement e, string name) => e.TryGetProperty(name, out var value) ? value.GetDouble() : 0;
}

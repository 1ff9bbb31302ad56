using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using AgentLab.Bench.Measure;

namespace AgentLab.Bench.Nodes;

/// <summary>An event of a run at one node reaches a viewer at the other, by NOTIFY and by Redis: beside a viewer at the run's own node, and beside the bare carrier.</summary>
internal static class NodesBench
{
    /// <summary>The Guide answers with some tens of events.</summary>
    private const string Agent = "guide";

    private const string Question = "What is a run, what is a step, and how does a run go on after a crash?";

    private static readonly string[] Carriers = ["NOTIFY", "Redis"];

    public static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var figures = new List<Figure>();
        foreach (var carrier in Carriers.Where(options.Wants))
        {
            figures.AddRange(await MeasureAsync(carrier, options.Rounds, cancellationToken));
        }

        return new BenchResult("nodes", options.Rounds, options.Seconds, figures)
        {
            Notes =
            [
                "Two processes, PostgreSQL, Redis and nginx on the two cores. A round is one answer of the rehearsal model, watched by a viewer (server-sent events) at each node; an event's time begins when it is appended, so the commit is in it.",
                "The bare carrier: one process, one connection that sends and one that hears, one message after the other.",
            ],
        }.Publish(options);
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(string carrier, int rounds, CancellationToken cancellationToken)
    {
        await using var cluster = await BenchCluster.StartAsync(carrier == "Redis", cancellationToken);
        List<double> there = [], here = [], late = [], bare = [];
        for (var i = 0; i <= rounds; i++)
        {
            var (own, other) = await RoundAsync(cluster, cancellationToken);
            var raw = carrier == "Redis"
                ? await BareCarriers.RedisAsync(cluster.Redis, cancellationToken)
                : await BareCarriers.NotifyAsync($"Host={cluster.Database};Username=agentlab;Database=agentlab", cancellationToken);
            if (i > 0)
            {
                // The first round compiles what the others use.
                there.Add(Quantiles.Median(other));
                late.Add(Quantiles.At(other, 0.99));
                here.Add(Quantiles.Median(own));
                bare.Add(Quantiles.Median(raw));
            }
        }

        return
        [
            Figure.Beside($"event at one node to viewer at the other, {carrier}, p50", "ms", there, "viewer at the run's node", here) with { Limit = 15, AtMost = true },
            Figure.Beside($"the same beside the bare carrier, {carrier}, p50", "ms", there, $"bare {carrier}", bare),
            Figure.Of($"event at one node to viewer at the other, {carrier}, p99", "ms", late),
        ];
    }

    /// <summary>The delays of the events of one answer, in milliseconds: at the run's node and at the other.</summary>
    private static async Task<(List<double> Own, List<double> Other)> RoundAsync(BenchCluster cluster, CancellationToken cancellationToken)
    {
        var (a, b) = (cluster.Nodes[0], cluster.Nodes[1]);
        using var made = await a.PostAsJsonAsync("/api/v1/sessions", new { agent = Agent, message = "Hello." }, cancellationToken);
        made.EnsureSuccessStatusCode();
        var session = (await made.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetString()!;
        var head = (await WatchAsync(a, session, 0, null, cancellationToken)).Head;
        var (ready, alsoReady) = (new TaskCompletionSource(), new TaskCompletionSource());
        var own = WatchAsync(a, session, head, ready, cancellationToken);
        var other = WatchAsync(b, session, head, alsoReady, cancellationToken);
        await Task.WhenAll(ready.Task, alsoReady.Task);
        using var asked = await a.PostAsJsonAsync($"/api/v1/sessions/{session}/messages", new { text = Question }, cancellationToken);
        asked.EnsureSuccessStatusCode();
        return ((await own).Delays, (await other).Delays);
    }

    /// <summary>Follows a session behind a number to the end of a run.</summary>
    private static async Task<(long Head, List<double> Delays)> WatchAsync(
        HttpClient node, string session, long after, TaskCompletionSource? ready, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"/api/v1/sessions/{session}/events?after={after}"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var answer = await node.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.EnsureSuccessStatusCode();
        ready?.SetResult();
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var delays = new List<double>();
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellationToken))
        {
            if (item.EventType != "message")
            {
                continue;
            }

            var now = TimeProvider.System.GetUtcNow();
            var e = JsonElement.Parse(item.Data);
            delays.Add((now - e.GetProperty("at").GetDateTimeOffset()).TotalMilliseconds);
            if (e.GetProperty("type").GetString() is "run.completed" or "run.failed")
            {
                return (e.GetProperty("sequence").GetInt64(), delays);
            }
        }

        throw new InvalidOperationException("The stream ended before the run.");
    }
}

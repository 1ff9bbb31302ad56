using System.Collections.Concurrent;
using System.Text.Json;
using AgentLab.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace AgentLab.Tests.Faults.Kills;

/// <summary>A server that workflows act on: it keeps every request that reached it, answers after a moment, and is shaky where it is asked to be.</summary>
internal sealed class OutsideWorld : IAsyncDisposable
{
    private const int Shakes = 2;

    private readonly ConcurrentQueue<OutsideRequest> _requests = new();
    private readonly ConcurrentDictionary<string, int> _shaken = new();
    private LoopbackServer _server = null!;

    public string Url => _server.Url;

    /// <summary>What reached it, in order.</summary>
    public IReadOnlyCollection<OutsideRequest> Requests => _requests;

    public static async Task<OutsideWorld> StartAsync()
    {
        var world = new OutsideWorld();
        world._server = await LoopbackServer.StartAsync(world.AnswerAsync);
        return world;
    }

    /// <summary>What came of a run, by path: the distinct keys, without the run's id.</summary>
    public List<string> KeysOf(string run, string path) =>
        [.. _requests.Where(r => r.Path == path && r.Key.StartsWith(run, StringComparison.Ordinal)).Select(r => r.Key[(run.Length + 1)..]).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Requests under one key that were not all the same.</summary>
    public IEnumerable<string> Changed() =>
        _requests.Where(r => r.Key.Length > 0).GroupBy(r => (r.Path, r.Key)).Where(g => g.Select(r => r.Body).Distinct().Count() > 1).Select(g => $"{g.Key}: {string.Join(" | ", g.Select(r => r.Body))}");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var (path, key) = (context.Request.Path.Value!, context.Request.Headers["Idempotency-Key"].ToString());
        _requests.Enqueue(new OutsideRequest(path, key, body));
        await Task.Delay(20, context.RequestAborted);
        if (path == "/shaky" && _shaken.AddOrUpdate(key, 1, (_, count) => count + 1) <= Shakes)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        await context.Response.WriteAsJsonAsync(new { path, of = context.Request.Query["of"].ToString(), got = body.Length > 0 ? JsonElement.Parse(body) : default(JsonElement?) });
    }
}

/// <summary>A request that reached the world outside.</summary>
internal sealed record OutsideRequest(string Path, string Key, string Body);

using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Tests.Api.Streams;

namespace AgentLab.Tests.Faults.Kills;

/// <summary>
/// One person at work while the program dies under them: asks, watches the run to its end, asks again. A request without an answer is sent again under its
/// key; a stream that broke is taken up at its position. All that was acknowledged is kept, to be held against the log.
/// </summary>
internal sealed class KillClient(KilledLab lab, int number, Random random)
{
    private readonly List<WatchedSession> _sessions = [];
    private int _asked;

    /// <summary>The sessions that it had acknowledged, with every event that came.</summary>
    public IReadOnlyList<WatchedSession> Sessions => _sessions;

    /// <summary>Asks and watches until told to end; the turn that goes on then is watched to its end.</summary>
    public async Task WorkAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            var turn = $"marker-{number}-{++_asked}";
            var session = _sessions.Count > 0 && random.Next(2) == 0 ? _sessions[random.Next(_sessions.Count)] : null;
            var accepted = await AskAsync(turn, session);
            if (session is null)
            {
                _sessions.Add(session = new WatchedSession(accepted.GetProperty("id").GetString()!));
            }

            session.Turns.Add(new WatchedTurn(turn, accepted.GetProperty("runId").GetString()!, accepted.GetProperty("sequence").GetInt64()));
            await WatchAsync(session);
        }
    }

    /// <summary>Sends the message until it is acknowledged: once, whatever the number of tries.</summary>
    private async Task<JsonElement> AskAsync(string turn, WatchedSession? session)
    {
        while (true)
        {
            var living = await lab.LivingAsync();
            using var request = session is null
                ? new HttpRequestMessage(HttpMethod.Post, "/api/v1/sessions") { Content = JsonContent.Create(new { agent = "worker", message = $"Do {turn}." }) }
                : new HttpRequestMessage(HttpMethod.Post, $"/api/v1/sessions/{session.Id}/messages") { Content = JsonContent.Create(new { text = $"Do {turn}." }) };
            request.Headers.Add("Idempotency-Key", turn);
            try
            {
                using var response = await living.Client.SendAsync(request);
                var body = await response.Content.ReadAsStringAsync();
                response.IsSuccessStatusCode.ShouldBeTrue($"{(int)response.StatusCode} {body}");
                return JsonElement.Parse(body);
            }
            catch (Exception e) when (IsDeath(e))
            {
                await Task.Delay(20);
            }
        }
    }

    /// <summary>Follows the session until the run of its newest turn has ended.</summary>
    private async Task WatchAsync(WatchedSession session)
    {
        while (true)
        {
            var living = await lab.LivingAsync();
            try
            {
                if (await FollowAsync(living.Client, session))
                {
                    return;
                }
            }
            catch (Exception e) when (IsDeath(e))
            {
                await Task.Delay(20);
            }
        }
    }

    private static async Task<bool> FollowAsync(HttpClient client, WatchedSession session)
    {
        var query = session.Epoch is { } epoch ? $"?epoch={Uri.EscapeDataString(epoch)}" : "";
        var last = session.Events.Count > 0 ? session.Events.Count.ToString(CultureInfo.InvariantCulture) : null;
        await foreach (var e in EventStreamClient.ReadAsync(client, EventStreamClient.Request(session.Id, query, last), CancellationToken.None))
        {
            switch (e.Name)
            {
                case "open":
                    e.Json.GetProperty("resync").GetBoolean().ShouldBeFalse($"a kill is no restore: {e.Data}");
                    session.Epoch = e.Json.GetProperty("epoch").GetString();
                    break;
                case "message":
                    e.Id.ShouldBe((session.Events.Count + 1).ToString(CultureInfo.InvariantCulture), "a viewer gets 1, 2, 3 …");
                    session.Events.Add(e.Data);
                    if (session.Turns[^1].IsEndedBy(e.Json))
                    {
                        return true;
                    }

                    break;
            }
        }

        return false;
    }

    /// <summary>The program is gone, or went while it answered.</summary>
    internal static bool IsDeath(Exception error) => error is HttpRequestException { StatusCode: null } or IOException or ObjectDisposedException or TaskCanceledException;
}

/// <summary>A session as its client saw it.</summary>
internal sealed class WatchedSession(string id)
{
    public string Id => id;

    public string? Epoch { get; set; }

    /// <summary>The data of each event that came, in order; the index is the sequence less one.</summary>
    public List<string> Events { get; } = [];

    public List<WatchedTurn> Turns { get; } = [];
}

/// <summary>A message that was acknowledged, and its run.</summary>
/// <param name="Marker">The words that tell its requests to the model apart.</param>
/// <param name="RunId">The run that answers it.</param>
/// <param name="Sequence">The last event of the acknowledged append.</param>
internal sealed record WatchedTurn(string Marker, string RunId, long Sequence)
{
    public bool IsEndedBy(JsonElement e) =>
        e.GetProperty("type").GetString() is "run.completed" or "run.failed" or "run.cancelled" && e.GetProperty("runId").GetString() == RunId;
}

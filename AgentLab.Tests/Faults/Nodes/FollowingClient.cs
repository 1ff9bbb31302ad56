using System.Text.Json;
using AgentLab.Tests.Api.Streams;

namespace AgentLab.Tests.Faults.Nodes;

/// <summary>A client that follows sessions whatever happens to the line.</summary>
internal static class FollowingClient
{
    private static readonly string[] RunEnds = ["run.completed", "run.failed", "run.cancelled"];

    /// <summary>Follows a session as a client does: where the line breaks, it asks for what comes after the last event that it has.</summary>
    public static async Task<List<JsonElement>> WatchAsync(HttpClient client, string session, CancellationToken cancellationToken)
    {
        var events = new List<JsonElement>();
        string? last = null;
        while (events.Count == 0 || !RunEnds.Contains(events[^1].GetProperty("type").GetString()))
        {
            try
            {
                await foreach (var e in EventStreamClient.ReadAsync(client, EventStreamClient.Request(session, lastEventId: last), cancellationToken))
                {
                    if (e.Name == "message")
                    {
                        last = e.Id;
                        events.Add(e.Json);
                        if (RunEnds.Contains(e.Json.GetProperty("type").GetString()))
                        {
                            break;
                        }
                    }
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                await Task.Delay(100, cancellationToken);
            }
        }

        return events;
    }
}

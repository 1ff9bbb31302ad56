using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Tests.Api;

namespace AgentLab.Tests.Faults.Kills;

/// <summary>The runs of a workflow that others start.</summary>
internal static class FollowingRuns
{
    /// <summary>Waits until there are so many and all have ended; more are found too.</summary>
    public static async Task<List<KilledRun>> SettledAsync(HttpClient client, string workflow, int count)
    {
        List<JsonElement> items = [];
        await Eventually.TrueAsync(async () =>
        {
            items = await ListAsync(client, workflow);
            return items.Count >= count && items.TrueForAll(item => item.GetProperty("status").GetString() is "completed" or "failed" or "cancelled");
        });
        var runs = new List<KilledRun>();
        foreach (var id in items.Select(item => item.GetProperty("runId").GetString()!))
        {
            var state = await client.GetFromJsonAsync<JsonElement>($"/api/v1/runs/{id}");
            runs.Add(new KilledRun(workflow, "", id, state.GetProperty("sessionId").GetString()!)
            {
                Status = state.GetProperty("status").GetString()!,
                Output = state.GetProperty("output").GetRawText(),
            });
        }

        return runs;
    }

    private static async Task<List<JsonElement>> ListAsync(HttpClient client, string workflow)
    {
        var items = new List<JsonElement>();
        for (var cursor = ""; ;)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/workflows/{workflow}/runs?limit=100{cursor}");
            items.AddRange(page.GetProperty("items").EnumerateArray());
            if (page.GetProperty("nextCursor").GetString() is not { } next)
            {
                return items;
            }

            cursor = $"&cursor={Uri.EscapeDataString(next)}";
        }
    }
}

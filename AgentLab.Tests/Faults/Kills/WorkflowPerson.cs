using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace AgentLab.Tests.Faults.Kills;

/// <summary>
/// One person at work with workflows while the program dies under them: starts runs by hand, by a message and by a request, answers what they ask, sends what they wait for, says what
/// became of steps, stops one now and then. What has no answer is sent again.
/// </summary>
internal sealed class WorkflowPerson(KilledLab lab, int number, Random random)
{
    private const int StopsAmong = 8;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly List<KilledRun> _runs = [];
    private int _begun;

    /// <summary>The runs that it began, each to its end.</summary>
    public IReadOnlyList<KilledRun> Runs => _runs;

    /// <summary>Works until told to end; the run that goes on then is brought to its end.</summary>
    public async Task WorkAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            switch (random.Next(6))
            {
                case 0:
                    await TalkAsync();
                    break;
                case 1:
                    await CallAsync();
                    break;
                default:
                    await ActAsync(random.Next(StopsAmong) == 0 ? random.Next(1, 30) : null);
                    break;
            }
        }
    }

    /// <summary>Runs the workflow of everything to its end.</summary>
    /// <param name="stopAfter">After how many looks it is stopped; null for never.</param>
    public async Task<KilledRun> ActAsync(int? stopAfter = null)
    {
        var marker = Marker();
        var started = await SendAsync(HttpMethod.Post, $"/api/v1/workflows/{KillWorkflows.Acts}/runs", new { input = new { marker } }, marker);
        return await FollowAsync(new KilledRun(KillWorkflows.Acts, marker, Text(started, "runId"), Text(started, "sessionId")), stopAfter);
    }

    private async Task TalkAsync()
    {
        var marker = Marker();
        var said = await SendAsync(HttpMethod.Post, "/api/v1/sessions", new { workflow = KillWorkflows.Talks, message = marker }, marker);
        await FollowAsync(new KilledRun(KillWorkflows.Talks, marker, Text(said, "runId"), Text(said, "id")), null);
    }

    private async Task CallAsync()
    {
        var marker = Marker();
        var came = await SendAsync(HttpMethod.Post, $"/hooks/{KillWorkflows.Hook}", new { marker }, marker);
        var state = await SendAsync(HttpMethod.Get, $"/api/v1/runs/{Text(came, "runId")}");
        await FollowAsync(new KilledRun(KillWorkflows.Hook, marker, Text(came, "runId"), Text(state, "sessionId")), null);
    }

    private string Marker() => $"marker-{number}-{++_begun}";

    private async Task<KilledRun> FollowAsync(KilledRun run, int? stopAfter)
    {
        _runs.Add(run);
        for (var looks = 1; ; looks++)
        {
            var state = await SendAsync(HttpMethod.Get, $"/api/v1/runs/{run.Id}");
            switch (Text(state, "status"))
            {
                case "completed" or "cancelled":
                    run.Status = Text(state, "status");
                    run.Output = state.GetProperty("output").GetRawText();
                    return run;
                case "failed":
                    throw new InvalidOperationException($"The run {run.Id} of {run.Workflow} failed: {state}");
                case "waiting":
                    await EndWaitsAsync(state);
                    break;
            }

            if (looks == stopAfter)
            {
                await TrySendAsync(HttpMethod.Post, $"/api/v1/runs/{run.Id}/cancel", new { });
            }

            await Task.Delay(Look);
        }
    }

    /// <summary>Whatever it waits for comes: an answer, a request, a word on what became of a step.</summary>
    private async Task EndWaitsAsync(JsonElement state)
    {
        foreach (var wait in state.GetProperty("waits").EnumerateArray())
        {
            if (wait.GetProperty("address").GetString() is { } address)
            {
                await TrySendAsync(HttpMethod.Post, address, new { called = "back" });
            }
            else if (wait.GetProperty("approval").GetString() is { } approval && await TrySendAsync(HttpMethod.Get, $"/api/v1/approvals/{approval}") is { } question)
            {
                var isForm = Text(question, "kind") == "form";
                await TrySendAsync(HttpMethod.Post, $"/api/v1/approvals/{approval}/decision", new { decision = "approve", hash = Text(question, "hash"), data = isForm ? new { size = "small" } : null });
            }
        }

        // A run that waits for something else has no question of this kind, and says so.
        await TrySendAsync(HttpMethod.Post, $"/api/v1/sessions/{Text(state, "sessionId")}/decisions", new { decision = random.Next(2) == 0 ? "repeat" : "goOn" });
    }

    /// <summary>Sends until there is an answer, which must be a good one.</summary>
    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body = null, string? key = null)
    {
        while (true)
        {
            if (await OnceAsync(method, path, body, key) is var (status, text))
            {
                ((int)status).ShouldBeInRange(200, 299, $"{method} {path}: {text}");
                return JsonElement.Parse(text);
            }
        }
    }

    /// <summary>Sends once; null when there was no answer or a refusal, since it may have been taken before.</summary>
    private async Task<JsonElement?> TrySendAsync(HttpMethod method, string path, object? body = null)
    {
        if (await OnceAsync(method, path, body, null) is not var (status, text))
        {
            return null;
        }

        ((int)status).ShouldBeLessThan(500, $"{method} {path}: {text}");
        return status < HttpStatusCode.BadRequest ? JsonElement.Parse(text) : null;
    }

    private async Task<(HttpStatusCode Status, string Text)?> OnceAsync(HttpMethod method, string path, object? body, string? key)
    {
        var living = await lab.LivingAsync();
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        try
        {
            using var response = await living.Client.SendAsync(request);
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (Exception e) when (KillClient.IsDeath(e))
        {
            await Task.Delay(Look);
            return null;
        }
    }

    private static string Text(JsonElement value, string name) => value.GetProperty(name).GetString()!;
}

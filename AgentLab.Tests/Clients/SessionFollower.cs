using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace AgentLab.Tests.Clients;

/// <summary>Follows a session over the hub: every event once and in order, whatever happens to the connection.</summary>
public sealed class SessionFollower(Uri server, Func<Task<string?>> token, string sessionId)
{
    private static readonly string[] Final = ["not_found: ", "access_ended: ", "not_signed_in: ", "invalid_session_id: ", "invalid_position: "];

    /// <summary>The epoch that was heard last; keep it with <see cref="Sequence"/>, and start from both the next time.</summary>
    public string? Epoch { get; set; }

    /// <summary>The last sequence that was delivered.</summary>
    public long Sequence { get; set; }

    /// <summary>Called when everything delivered so far is void and starts again at 1.</summary>
    public Action? Resync { get; init; }

    /// <summary>Called before each wait with the number of the attempt and how long it waits.</summary>
    public Action<int, TimeSpan>? Waiting { get; init; }

    /// <summary>The events after <see cref="Sequence"/>, without end; cancel to close deliberately.</summary>
    public async IAsyncEnumerable<JsonElement> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            await WaitAsync(attempt, cancellationToken);
            await using var connection = new HubConnectionBuilder()
                .WithUrl(new Uri(server, "/hubs/sessions"), options => options.AccessTokenProvider = token)
                .Build();
            await using var frames = FramesAsync(connection, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await NextAsync(frames, cancellationToken))
            {
                attempt = 0;
                var frame = frames.Current;
                switch (frame.GetProperty("kind").GetString())
                {
                    case "open":
                        Open(frame);
                        break;
                    case "events":
                        foreach (var e in frame.GetProperty("events").EnumerateArray())
                        {
                            Sequence = e.GetProperty("sequence").GetInt64();
                            yield return e;
                        }

                        break;
                }
            }
        }
    }

    private async IAsyncEnumerable<JsonElement> FramesAsync(HubConnection connection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await connection.StartAsync(cancellationToken);
        await foreach (var frame in connection.StreamAsync<JsonElement>("Stream", sessionId, Sequence, Epoch, cancellationToken))
        {
            yield return frame;
        }
    }

    private void Open(JsonElement frame)
    {
        if (frame.GetProperty("resync").GetBoolean())
        {
            Sequence = 0;
            Resync?.Invoke();
        }

        Epoch = frame.GetProperty("epoch").GetString();
    }

    // False when the connection broke and it is worth coming back.
    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<JsonElement> frames, CancellationToken cancellationToken)
    {
        try
        {
            return await frames.MoveNextAsync();
        }
        catch (HubException exception) when (Final.Any(code => exception.Message.Contains(code, StringComparison.Ordinal)))
        {
            throw;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task WaitAsync(int attempt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (attempt > 0)
        {
            // 0.5 s doubling to 30 s, and up to half of it more at random.
            var seconds = Math.Min(30, 0.5 * Math.Pow(2, attempt - 1) * (1 + Random.Shared.NextDouble() / 2));
            Waiting?.Invoke(attempt, TimeSpan.FromSeconds(seconds));
            await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);
        }
    }
}

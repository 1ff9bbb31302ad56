using System.Globalization;
using System.Text.Json;
using AgentLab.Core.Sessions;

namespace AgentLab.Tests.Api.Streams;

/// <summary>
/// Clients behind a line that breaks at random bytes, again and again, while events are being appended: what each has received in the end is exactly
/// 1..N. A few dozen cuts in the usual run; AGENTLAB_TEST_FULL=1 makes it 1,000.
/// </summary>
public sealed class RandomCutTests(StreamApp fixture) : IClassFixture<StreamApp>
{
    private const int Seed = 20260714;
    private const int MostBytes = 12_000;

    /// <summary>How far the writer may run ahead: what is waiting fits through one connection, so that there is progress between cuts.</summary>
    private const int Ahead = 20;
    private static readonly int Cuts = Environment.GetEnvironmentVariable("AGENTLAB_TEST_FULL") == "1" ? 500 : 15;

    [Fact]
    public async Task EventStream_CutAtRandomBytes_DeliversExactlyOnce() => await RunAsync(async (proxy, session, received, done) =>
    {
        using var signedIn = await fixture.App.SignInAsync();
        using var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = proxy.Address };
        client.DefaultRequestHeaders.Authorization = signedIn.DefaultRequestHeaders.Authorization;
        string? epoch = null;
        while (!done())
        {
            try
            {
                var request = EventStreamClient.Request(session.Value, epoch is null ? "" : $"?epoch={epoch}", received.Count == 0 ? null : received[^1].ToString(CultureInfo.InvariantCulture));
                await foreach (var e in EventStreamClient.ReadAsync(client, request, CancellationToken.None))
                {
                    epoch = Take(e, epoch, received);
                    if (done())
                    {
                        break;
                    }
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                // Cut: come back with the position.
            }
        }
    });

    [Fact]
    public async Task Hub_CutAtRandomBytes_DeliversExactlyOnce() => await RunAsync(async (proxy, session, received, done) =>
    {
        var token = (await fixture.App.LoginAsync()).GetProperty("accessToken").GetString();
        string? epoch = null;
        while (!done())
        {
            await using var hub = HubClient.Create(new Uri(proxy.Address, "/hubs/sessions"), () => Task.FromResult(token));
            try
            {
                await hub.StartAsync();
                await foreach (var frame in hub.FramesAsync(session.Value, received.Count == 0 ? 0 : received[^1], epoch, CancellationToken.None))
                {
                    epoch = Take(frame, received) ?? epoch;
                    if (done())
                    {
                        break;
                    }
                }
            }
            catch (Exception exception) when (exception is not ShouldAssertException)
            {
                // Cut, in whichever of the many ways that a broken line shows itself: come back with the position.
            }
        }
    });

    private async Task RunAsync(Func<CuttingProxy, SessionId, List<long>, Func<bool>, Task> follow)
    {
        var session = await fixture.Scene.StartAsync();
        await using var proxy = new CuttingProxy(fixture.App.BaseAddress, Seed, MostBytes);
        var received = new List<long>();
        long last = long.MaxValue;
        long arrived = 0;

        var appending = Task.Run(async () =>
        {
            var head = 1L;
            while (proxy.Cuts < Cuts)
            {
                if (head - Volatile.Read(ref arrived) > Ahead)
                {
                    await Task.Delay(1);
                    continue;
                }

                await fixture.Scene.AppendAsync(session, 3);
                head += 3;
            }

            proxy.Calm();
            await fixture.Scene.AppendAsync(session, 5);
            Volatile.Write(ref last, head + 5);
        });
        await follow(proxy, session, received, () =>
        {
            Volatile.Write(ref arrived, received.Count);
            return received.Count > 0 && received[^1] >= Volatile.Read(ref last);
        });
        await appending;

        received.ShouldBe(Enumerable.Range(1, (int)last).Select(i => (long)i));
        proxy.Cuts.ShouldBeGreaterThanOrEqualTo(Cuts);
    }

    private static string? Take(ServerSentEvent e, string? epoch, List<long> received)
    {
        switch (e.Name)
        {
            case "open":
                e.Json.GetProperty("resync").GetBoolean().ShouldBeFalse();
                return e.Json.GetProperty("epoch").GetString();
            case "message":
                received.Add(e.Json.GetProperty("sequence").GetInt64());
                return epoch;
            default:
                e.Name.ShouldBe("heartbeat");
                return epoch;
        }
    }

    private static string? Take(JsonElement frame, List<long> received)
    {
        switch (frame.GetProperty("kind").GetString())
        {
            case "open":
                frame.GetProperty("resync").GetBoolean().ShouldBeFalse();
                return frame.GetProperty("epoch").GetString();
            case "events":
                received.AddRange(frame.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("sequence").GetInt64()));
                return null;
            default:
                return null;
        }
    }
}

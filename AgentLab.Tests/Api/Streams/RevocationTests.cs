using AgentLab.Core.Identity;
using AgentLab.Tests.Fakes;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Api.Streams;

public sealed class RevocationTests : IAsyncLifetime
{
    private readonly ShiftedTime _time = new();
    private LabApp _app = null!;

    public async Task InitializeAsync() => _app = await LabApp.StartAsync(builder =>
    {
        builder.Configuration["AgentLab:Streams:Heartbeat"] = "00:00:00.100";
        builder.Services.AddSingleton<TimeProvider>(_time);
    });

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task EventStream_SignInRevoked_SaysSoAndEnds()
    {
        var session = await new SessionScene(_app).StartAsync(LabApp.Editor);
        using var client = await _app.SignInAsync(LabApp.Editor);
        var events = new List<ServerSentEvent>();

        await foreach (var e in EventStreamClient.ReadAsync(client, EventStreamClient.Request(session.Value), CancellationToken.None))
        {
            events.Add(e);
            if (events.Count == 3)
            {
                await RevokeAsync();
            }
        }

        events[^1].Name.ShouldBe("end");
        events[^1].Json.GetProperty("code").GetString().ShouldBe("access_ended");
    }

    [Fact]
    public async Task Hub_SignInRevoked_EndsTheStreamWithItsCode()
    {
        var session = await new SessionScene(_app).StartAsync(LabApp.Editor);
        await using var hub = await HubClient.ConnectAsync(_app, LabApp.Editor);
        var frames = 0;

        var end = await Should.ThrowAsync<HubException>(async () =>
        {
            await foreach (var _ in hub.FramesAsync(session.Value, 0, null, CancellationToken.None))
            {
                if (++frames == 3)
                {
                    await RevokeAsync();
                }
            }
        });

        end.Message.ShouldContain("access_ended: ");
    }

    private async Task RevokeAsync()
    {
        await _app.Services.GetRequiredService<ISignInSessions>()
            .RevokeAllAsync(await _app.UserIdAsync(LabApp.Editor), null, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(30));
    }
}

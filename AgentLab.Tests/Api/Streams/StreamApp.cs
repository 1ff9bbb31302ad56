namespace AgentLab.Tests.Api.Streams;

/// <summary>One program for a class of stream tests, with a short heartbeat.</summary>
public sealed class StreamApp : IAsyncLifetime
{
    /// <summary>The program.</summary>
    public LabApp App { get; private set; } = null!;

    /// <summary>Its sessions.</summary>
    internal SessionScene Scene { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        App = await LabApp.StartAsync(builder =>
        {
            builder.Configuration["AgentLab:Streams:Heartbeat"] = "00:00:00.200";
            builder.Configuration["AgentLab:Streams:PerUser"] = "20";
        });
        Scene = new SessionScene(App);
    }

    public async Task DisposeAsync() => await App.DisposeAsync();
}

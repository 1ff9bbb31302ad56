namespace AgentLab.Tests.Api;

/// <summary>One program for all tests of a class that do not change its settings.</summary>
public sealed class LabAppFixture : IAsyncLifetime
{
    private LabApp? _app;

    /// <summary>The program.</summary>
    public LabApp App => _app ?? throw new InvalidOperationException("The fixture was not initialised.");

    /// <inheritdoc/>
    public async Task InitializeAsync() => _app = await LabApp.StartAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }
}

using System.Text;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Data.Projects;
using AgentLab.Data.Sessions.Log;
using AgentLab.Tests.Data.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Data.Sessions;

/// <summary>The log running over a fixture's database, with short words for what the suites do to it.</summary>
internal sealed class LogHost : IAsyncDisposable
{
    private readonly IServiceProvider _services;

    private LogHost(IServiceProvider services) => _services = services;

    public SessionLog Log => _services.GetRequiredService<SessionLog>();

    public ISessionReader Reader => _services.GetRequiredService<ISessionReader>();

    public ISessionFeed Feed => _services.GetRequiredService<ISessionFeed>();

    public static async Task<LogHost> StartAsync(DatabaseFixture fixture)
    {
        var host = new LogHost(fixture.Services);
        if (host.Log.ExecuteTask is null)
        {
            await host.Log.StartAsync(CancellationToken.None);
        }

        return host;
    }

    public static SessionAppend Creation(SessionId id, Guid? owner = null) => new(
        id, [new NewEvent(new SessionCreated("A title", Guid.NewGuid(), 1, "Analyst", owner ?? Guid.Empty, Project.DefaultId))])
    {
        Create = new NewSession(owner ?? Guid.Empty, Project.DefaultId),
    };

    public static NewEvent Message(string text) => new(new MessageUser(text));

    public static NewEvent Started(RunId run) => new(new RunStarted("message", Guid.Empty, 1, new RunLimits()), run);

    public async Task<SessionId> CreateAsync(Guid? owner = null)
    {
        var id = SessionId.New();
        var outcome = await AppendAsync(Creation(id, owner));
        outcome.Status.ShouldBe(AppendStatus.Appended);
        return id;
    }

    public Task<AppendOutcome> AppendAsync(SessionId id, params NewEvent[] events) => AppendAsync(new SessionAppend(id, events));

    public async Task<AppendOutcome> AppendAsync(SessionAppend append) => await Log.AppendAsync(append, CancellationToken.None);

    public async Task<IReadOnlyList<SessionEvent>> AllAsync(SessionId id) =>
        await Reader.ReadAsync(id, 0, long.MaxValue, 5000, null, descending: false, CancellationToken.None);

    public static string Text(SessionEvent e) => Encoding.UTF8.GetString(e.Json.Span);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A viewer whose right a test gives and takes.</summary>
internal sealed class TestViewer : ISessionViewer
{
    public bool Allowed { get; set; } = true;

    public ValueTask<bool> MayReadAsync(SessionSummary session, CancellationToken cancellationToken) => ValueTask.FromResult(Allowed);
}

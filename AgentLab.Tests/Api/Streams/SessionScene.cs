using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Data.Projects;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Api.Streams;

/// <summary>Sessions of the real log, filled without an agent.</summary>
internal sealed class SessionScene(LabApp app)
{
    private ISessionLog Log => app.Services.GetRequiredService<ISessionLog>();

    /// <summary>A session of this person; its first event is there.</summary>
    public async Task<SessionId> StartAsync(string owner = LabApp.Admin)
    {
        var ownerId = await app.UserIdAsync(owner);
        var id = SessionId.New();
        var created = new SessionCreated("A session", Guid.CreateVersion7(), 1, "Tester", ownerId, Project.DefaultId);
        var outcome = await Log.AppendAsync(
            new SessionAppend(id, [new NewEvent(created)]) { Create = new NewSession(ownerId, Project.DefaultId) }, CancellationToken.None);
        outcome.Landed.ShouldBeTrue();
        return id;
    }

    /// <summary>Appends this many messages, one transaction each; the text of each is made from its number.</summary>
    public async Task AppendAsync(SessionId id, int count, Func<int, string>? text = null)
    {
        for (var i = 0; i < count; i++)
        {
            var outcome = await Log.AppendAsync(new SessionAppend(id, [new NewEvent(new MessageUser(text?.Invoke(i) ?? $"message {i}"))]), CancellationToken.None);
            outcome.Landed.ShouldBeTrue();
        }
    }

    /// <summary>Appends this many messages in one transaction.</summary>
    public async Task AppendTogetherAsync(SessionId id, int count)
    {
        var events = Enumerable.Range(0, count).Select(i => new NewEvent(new MessageUser($"message {i}"))).ToList();
        (await Log.AppendAsync(new SessionAppend(id, events), CancellationToken.None)).Landed.ShouldBeTrue();
    }
}

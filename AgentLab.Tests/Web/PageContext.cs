using AgentLab.Core.Agents;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Tests.Api;
using AgentLab.Web.Shared;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Web;

/// <summary>Pages over the parts of the real program, with a person signed in and no browser.</summary>
public abstract class PageContext : BunitContext, IClassFixture<LabAppFixture>
{
    protected PageContext(LabAppFixture fixture)
    {
        App = fixture.App;
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddFallbackServiceProvider(App.Services);
        Services.AddScoped<AgentLab.Web.Shared.Browser>();
        Services.AddSingleton<ICurrentPerson>(Current);
        Renderer.SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        DefaultWaitTimeout = TimeSpan.FromSeconds(60);
    }

    protected LabApp App { get; }

    protected TestPerson Current { get; } = new();

    protected NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    protected T Get<T>() where T : notnull => App.Services.GetRequiredService<T>();

    /// <summary>Signs a person in; another one may follow.</summary>
    protected async Task<Actor> SignInAsync(string email = LabApp.Admin)
    {
        var role = email == LabApp.Admin ? ActorRole.Admin : email == LabApp.Viewer ? ActorRole.Viewer : ActorRole.Editor;
        Current.Actor = new Actor(await App.UserIdAsync(email), role);
        return Current.Actor;
    }

    /// <summary>A session with the Analyst whose first run has ended.</summary>
    protected async Task<SessionSummary> AskAsync(Actor actor, string text)
    {
        var started = await Get<ISessionCommands>().StartAsync(new StartSession("analyst", text), actor, CancellationToken.None);
        started.Ok.ShouldBeTrue(started.Error?.Message);
        return await EndAsync(started.Value.Session.Id);
    }

    /// <summary>Waits until the session's run has ended.</summary>
    protected async Task<SessionSummary> EndAsync(SessionId id)
    {
        SessionSummary? session = null;
        await Eventually.TrueAsync(async () =>
        {
            session = await Get<ISessionReader>().FindAsync(id, CancellationToken.None);
            return session is { ActiveRunId: null };
        });
        return session!;
    }

    /// <summary>A new agent of the actor.</summary>
    protected async Task<Agent> MakeAgentAsync(Actor actor, string name)
    {
        var made = await Get<IAgentStore>().CreateAsync(new AgentDefinition { Name = name, Instructions = "Be brief." }, AgentStatus.Active, actor, CancellationToken.None);
        made.Ok.ShouldBeTrue(made.Error?.Message);
        return made.Value;
    }

    protected sealed class TestPerson : ICurrentPerson
    {
        public Actor Actor { get; set; } = new(Guid.Empty, ActorRole.Viewer);

        public ValueTask<Person> GetAsync(CancellationToken cancellationToken) => new(new Person(Actor, new Viewer(Actor), "Ada"));

        private sealed class Viewer(Actor actor) : ISessionViewer
        {
            public ValueTask<bool> MayReadAsync(SessionSummary session, CancellationToken cancellationToken) => new(actor.Owns(session.OwnerId));
        }
    }
}

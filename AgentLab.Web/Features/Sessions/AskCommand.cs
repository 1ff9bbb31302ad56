using System.Globalization;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Web.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace AgentLab.Web.Features.Sessions;

/// <summary>
/// <c>ask --agent analyst "..."</c>: one session without HTTP. Prints its events as JSON lines and ends with 0, 1 (the run failed, or the program cannot
/// start here) or 2 (bad usage, said on the error output). The whole program runs in this process, but for its web server.
/// </summary>
internal static class AskCommand
{
    private const int Batch = 100;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(30);

    /// <summary>Who asks when there is no administrator yet: a local actor, whose sessions every later administrator sees.</summary>
    private static readonly Actor Local = new(Guid.Empty, ActorRole.Admin);

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = AskOptions.Read(args);
        if (!options.Ok)
        {
            return await SayAsync($"{options.Fault}{Environment.NewLine}Usage: {AskOptions.Usage}", 2);
        }

        var message = options.Message == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : options.Message;
        var code = 1;
        var launched = await Launch.RunAsync(
            () => Program.Build(new() { Args = options.Settings }, Compose),
            async (app, stopping) =>
            {
                code = await AskAsync(app.Services, options.Agent, message, Console.Out, stopping);
                await app.StopAsync(CancellationToken.None);
            });
        return launched == 0 ? code : launched;
    }

    /// <summary>Asks within a running program and writes the events to <paramref name="output"/>.</summary>
    public static async Task<int> AskAsync(IServiceProvider services, string agent, string message, TextWriter output, CancellationToken cancellationToken)
    {
        var actor = await ActorAsync(services, cancellationToken);
        var commands = services.GetRequiredService<ISessionCommands>();
        var outcome = await commands.StartAsync(new StartSession(agent, message), actor, cancellationToken);
        if (!outcome.Ok)
        {
            return await SayAsync(string.Join(Environment.NewLine, outcome.Errors.Select(e => e.Message)), outcome.Error.Code is "invalid" or "not_found" ? 2 : 1);
        }

        using var cursor = await services.GetRequiredService<ISessionFeed>()
            .OpenAsync(outcome.Value.Session.Id, SessionPosition.Start, new LocalViewer(), cancellationToken);
        if (cursor is null)
        {
            return await SayAsync("The session is gone.", 1);
        }

        try
        {
            return await PrintAsync(cursor, outcome.Value.RunId, output, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await commands.StopAsync(outcome.Value.Session.Id, actor, CancellationToken.None);
            return await SayAsync("Stopped.", 1);
        }
    }

    private static async Task<int> PrintAsync(ISessionCursor cursor, RunId? run, TextWriter output, CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (var e in await cursor.ReadAsync(Batch, cancellationToken))
            {
                await output.WriteLineAsync(e.ToString().AsMemory(), cancellationToken);
                if (e.Event.RunId == run && Code(e.Event.Data) is { } code)
                {
                    await output.FlushAsync(cancellationToken);
                    return code;
                }
            }

            await output.FlushAsync(cancellationToken);
            await cursor.WaitAsync(Poll, cancellationToken);
        }
    }

    // A run that waits for a person waits for ever here: nobody is there to answer.
    private static int? Code(EventData? data) => data switch
    {
        RunCompleted => 0,
        RunFailed or RunCancelled or RunPaused => 1,
        _ => null,
    };

    private static async Task<Actor> ActorAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var accounts = services.GetRequiredService<IAccounts>();
        Core.Identity.Account? first = null;
        for (string? after = null; ;)
        {
            var page = await accounts.ListAsync(after, 100, cancellationToken);
            foreach (var account in page.Where(a => a is { Role: ActorRole.Admin, Enabled: true }))
            {
                first = first is null || account.CreatedAt < first.CreatedAt ? account : first;
            }

            if (page.Count < 100)
            {
                return first is null ? Local : new Actor(first.Id, ActorRole.Admin);
            }

            after = page[^1].UserName;
        }
    }

    // Standard output belongs to the events: logs go to the error output, and only what needs attention.
    private static void Compose(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IServer, NoServer>();
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(new SerilogLoggerProvider(
            new LoggerConfiguration()
                .MinimumLevel.Warning()
                .WriteTo.Console(standardErrorFromLevel: LogEventLevel.Verbose, formatProvider: CultureInfo.InvariantCulture)
                .CreateLogger(),
            dispose: true));
    }

    private static async Task<int> SayAsync(string sentence, int code)
    {
        await Console.Error.WriteLineAsync(sentence);
        return code;
    }

    /// <summary>Whoever runs the command on this machine reads its own session.</summary>
    private sealed class LocalViewer : ISessionViewer
    {
        public ValueTask<bool> MayReadAsync(SessionSummary session, CancellationToken cancellationToken) => ValueTask.FromResult(true);
    }

    /// <summary>Listens nowhere.</summary>
    private sealed class NoServer : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull =>
            Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}

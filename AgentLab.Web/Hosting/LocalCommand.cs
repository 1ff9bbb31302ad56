using System.Globalization;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace AgentLab.Web.Hosting;

/// <summary>What subcommands share that run the whole program in their process, but for its web server.</summary>
internal static class LocalCommand
{
    /// <summary>Who acts when there is no administrator yet: a local actor, whose sessions every later administrator sees.</summary>
    private static readonly Actor Local = new(Guid.Empty, ActorRole.Admin);

    /// <summary>The first administrator, or the local actor.</summary>
    public static async Task<Actor> ActorAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var accounts = services.GetRequiredService<IAccounts>();
        AgentLab.Core.Identity.Account? first = null;
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

    /// <summary>Standard output belongs to the events: logs go to the error output, and only what needs attention.</summary>
    public static void Compose(WebApplicationBuilder builder)
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

    /// <summary>Says a sentence on the error output and gives the exit code back.</summary>
    public static async Task<int> SayAsync(string sentence, int code)
    {
        await Console.Error.WriteLineAsync(sentence);
        return code;
    }

    /// <summary>Whoever runs the command on this machine reads its own session.</summary>
    public sealed class Viewer : ISessionViewer
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

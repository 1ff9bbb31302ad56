using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Web.Hosting;

namespace AgentLab.Web.Features.Sessions;

/// <summary>
/// <c>ask --agent analyst "..."</c>: one session without HTTP. Prints its events as JSON lines and ends with 0, 1 (the run failed, or the program cannot
/// start here) or 2 (bad usage, said on the error output). The whole program runs in this process, but for its web server.
/// </summary>
internal static class AskCommand
{
    private const int Batch = 100;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = AskOptions.Read(args);
        if (!options.Ok)
        {
            return await LocalCommand.SayAsync($"{options.Fault}{Environment.NewLine}Usage: {AskOptions.Usage}", 2);
        }

        var message = options.Message == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : options.Message;
        var code = 1;
        var launched = await Launch.RunAsync(
            () => Program.Build(new() { Args = options.Settings }, LocalCommand.Compose),
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
        var actor = await LocalCommand.ActorAsync(services, cancellationToken);
        var commands = services.GetRequiredService<ISessionCommands>();
        var outcome = await commands.StartAsync(new StartSession(agent, message), actor, cancellationToken);
        if (!outcome.Ok)
        {
            return await LocalCommand.SayAsync(string.Join(Environment.NewLine, outcome.Errors.Select(e => e.Message)), outcome.Error.Code is "invalid" or "not_found" ? 2 : 1);
        }

        using var cursor = await services.GetRequiredService<ISessionFeed>()
            .OpenAsync(outcome.Value.Session.Id, SessionPosition.Start, new LocalCommand.Viewer(), cancellationToken);
        if (cursor is null)
        {
            return await LocalCommand.SayAsync("The session is gone.", 1);
        }

        try
        {
            return await PrintAsync(cursor, outcome.Value.RunId, output, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await commands.StopAsync(outcome.Value.Session.Id, actor, CancellationToken.None);
            return await LocalCommand.SayAsync("Stopped.", 1);
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
}

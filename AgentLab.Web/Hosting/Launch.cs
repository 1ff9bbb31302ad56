using AgentLab.Web.Features.Account.Setup;
using AgentLab.Web.Hosting.Options;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AgentLab.Web.Hosting;

/// <summary>Runs the program from its settings to its end and says plainly why it cannot start.</summary>
internal static class Launch
{
    /// <summary>From the start until what starting left behind is given back: by then the first requests are answered and the services stand.</summary>
    private static readonly TimeSpan TidyAfter = TimeSpan.FromSeconds(2);

    /// <summary>Builds and serves until told to stop. Returns 0, or 1 when settings or surroundings do not allow a start.</summary>
    public static Task<int> RunAsync(Func<WebApplication> build) => RunAsync(build, async (app, _) =>
    {
        await AnnounceAsync(app);
        await Task.WhenAll(TidyAsync(app), app.WaitForShutdownAsync(CancellationToken.None));
    });

    /// <summary>Builds and starts the program, does <paramref name="work"/> in it, which stops it. Returns 0, or 1 when settings or surroundings do not allow a start.</summary>
    /// <param name="build">Composes the program.</param>
    /// <param name="work">What to do; its token fires when the program is told to stop.</param>
    public static async Task<int> RunAsync(Func<WebApplication> build, Func<WebApplication, CancellationToken, Task> work)
    {
        try
        {
            await using var app = build();
            await app.StartAsync();
            await work(app, app.Lifetime.ApplicationStopping);
            return 0;
        }
        catch (Exception exception) when (StartupFault.Describe(exception) is { } sentences)
        {
            await Console.Error.WriteLineAsync("AgentLab cannot start:");
            foreach (var sentence in sentences)
            {
                await Console.Error.WriteLineAsync($"  - {sentence}");
            }

            return 1;
        }
    }

    /// <summary>Stops a start with every fault of the settings named at once.</summary>
    /// <exception cref="SettingsRefusedException">A setting is faulty.</exception>
    public static void CheckSettings(WebApplication app)
    {
        if (OptionsSetup.CheckAll(app.Services) is { Count: > 0 } faults)
        {
            throw new SettingsRefusedException(faults);
        }
    }

    /// <summary>
    /// Gives the memory that starting took, and nothing holds any more, back to the machine. An idle program collects nothing by itself: it would keep this until
    /// it has work enough for a collection.
    /// </summary>
    private static async Task TidyAsync(WebApplication app)
    {
        var time = app.Services.GetRequiredService<TimeProvider>();
        await Task.Delay(TidyAfter, time, app.Lifetime.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private static async Task AnnounceAsync(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        Console.WriteLine($"AgentLab is ready at {string.Join(" and ", addresses)}");
        var gate = app.Services.GetRequiredService<SetupGate>();
        if (await gate.IsNeededAsync(app.Lifetime.ApplicationStopping))
        {
            Console.WriteLine($"First start: make the administrator at {addresses.FirstOrDefault()}{SetupMiddleware.Path}. From another machine it asks for this code: {gate.Code}");
        }
    }
}

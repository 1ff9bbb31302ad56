using AgentLab.Web.Features.Account.Setup;
using AgentLab.Web.Hosting.Options;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AgentLab.Web.Hosting;

/// <summary>Runs the program from its settings to its end and says plainly why it cannot start.</summary>
internal static class Launch
{
    /// <summary>Builds and serves until told to stop. Returns 0, or 1 when settings or surroundings do not allow a start.</summary>
    public static Task<int> RunAsync(Func<WebApplication> build) => RunAsync(build, async (app, _) =>
    {
        await AnnounceAsync(app);
        await app.WaitForShutdownAsync(CancellationToken.None);
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

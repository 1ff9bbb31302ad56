using System.Text.Json;
using AgentLab.Core;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Web.Hosting;

namespace AgentLab.Web.Features.Workflows.CommandLine;

/// <summary>
/// <c>run file.json --input key=value</c>: one run of a workflow's file without HTTP, for scripts and CI. Prints the session's events as JSON lines and ends with 0, 1 (the run failed,
/// waits for somebody who is not there, or the program cannot start here) or 2 (bad usage, a bad file or bad input, said on the error output). It needs no set-up: without a data
/// directory it takes a temporary one, in which the rehearsal model answers.
/// </summary>
internal static class RunCommand
{
    private const string DirectorySetting = "AgentLab:DataDirectory";
    private static readonly string[] OwnStorage = [DirectorySetting, "AgentLab:Database:ConnectionString", "DATABASE_URL"];

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = RunOptions.Read(args);
        if (!options.Ok)
        {
            return await LocalCommand.SayAsync($"{options.Fault}{Environment.NewLine}Usage: {RunOptions.Usage}", 2);
        }

        string file;
        string? input;
        try
        {
            file = options.File == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : await File.ReadAllTextAsync(options.File, cancellationToken);
            input = options.InputFile is { } path ? await File.ReadAllTextAsync(path, cancellationToken) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return await LocalCommand.SayAsync(error.Message, 2);
        }

        var temporary = HasStorage(options) ? null : Directory.CreateTempSubdirectory("agentlab-run-").FullName;
        try
        {
            return await LaunchAsync(options, file, input, temporary);
        }
        finally
        {
            if (temporary is not null)
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private static bool HasStorage(RunOptions options) => OwnStorage.Any(name =>
        options.Settings.Any(setting => setting.StartsWith($"--{name}", StringComparison.OrdinalIgnoreCase))
        || Environment.GetEnvironmentVariable(name.Replace(":", "__", StringComparison.Ordinal)) is { Length: > 0 });

    private static async Task<int> LaunchAsync(RunOptions options, string file, string? input, string? temporary)
    {
        string[] settings = temporary is null ? [.. options.Settings] : [.. options.Settings, $"--{DirectorySetting}={temporary}"];
        var code = 1;
        var launched = await Launch.RunAsync(
            () => Program.Build(new() { Args = settings }, LocalCommand.Compose),
            async (app, stopping) =>
            {
                code = await RunAsync(app.Services, options, file, input, stopping);
                await app.StopAsync(CancellationToken.None);
            });
        return launched == 0 ? code : launched;
    }

    private static async Task<int> RunAsync(IServiceProvider services, RunOptions options, string file, string? inputFile, CancellationToken cancellationToken)
    {
        var definition = services.GetRequiredService<IWorkflowFiles>().Read(file);
        if (!definition.Ok)
        {
            return await SayAsync(definition.Errors, 2);
        }

        JsonElement input;
        try
        {
            input = RunInput.Make(inputFile, options.Inputs, definition.Value);
        }
        catch (FormatException error)
        {
            return await LocalCommand.SayAsync(error.Message, 2);
        }

        var actor = await LocalCommand.ActorAsync(services, cancellationToken);
        var runs = services.GetRequiredService<IWorkflowRuns>();
        var command = new StartWorkflowRun { Definition = definition.Value, Input = input, DryRun = options.DryRun, Trigger = "command_line" };
        var started = await runs.StartAsync(command, actor, cancellationToken);
        if (!started.Ok)
        {
            return await SayAsync(started.Errors, started.Error.Code == "invalid" ? 2 : 1);
        }

        try
        {
            return await new RunPrinter(services, actor, started.Value, options.Approve).PrintAsync(Console.Out, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await runs.CancelAsync(started.Value.RunId, actor, CancellationToken.None);
            return await LocalCommand.SayAsync("Stopped.", 1);
        }
    }

    private static Task<int> SayAsync(IReadOnlyList<LabError> errors, int code) =>
        LocalCommand.SayAsync(string.Join(Environment.NewLine, errors.Select(error => error.Field is null ? error.Message : $"{error.Field}: {error.Message}")), code);
}

using System.Reflection;
using AgentLab.Web.Features.Sessions;
using AgentLab.Web.Features.Workflows.CommandLine;

namespace AgentLab.Web.Hosting;

/// <summary>What can follow <c>dotnet run --project AgentLab.Web --</c> beside settings.</summary>
internal static class CommandLine
{
    /// <summary>The program's version, like 0.1.0.</summary>
    public static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    private static readonly Subcommand[] Table =
    [
        new("ask", AskOptions.Usage, "start a session, print its events as JSON lines", AskCommand.RunAsync),
        new("run", RunOptions.Usage, "run a workflow's file, print its events as JSON lines", RunCommand.RunAsync),
        new("version", "version", "print the program's version", (_, _) => Print(Version)),
        new("help", "help", "print this list", (_, _) => Print(Help())),
    ];

    /// <summary>The subcommand that <paramref name="args"/> ask for; null when they hold only settings, which means: serve.</summary>
    public static Subcommand? Find(string[] args)
    {
        if (args.Length == 0 || args[0].StartsWith('-') || args[0].Contains('='))
        {
            return args is ["--help" or "-h", ..] ? Table.Single(c => c.Name == "help") : null;
        }

        return Table.FirstOrDefault(c => c.Name == args[0]) ?? new(args[0], "", "", Unknown);
    }

    private static async Task<int> Unknown(string[] args, CancellationToken cancellationToken)
    {
        await Console.Error.WriteLineAsync(Help().AsMemory(), cancellationToken);
        return 2;
    }

    private static string Help() =>
        "Without a subcommand AgentLab serves its pages and API. Settings follow as --AgentLab:Name=value or --urls http://127.0.0.1:5080."
        + string.Concat(Table.Select(c => $"{Environment.NewLine}  {c.Usage,-48} {c.Purpose}"));

    private static Task<int> Print(string text)
    {
        Console.WriteLine(text);
        return Task.FromResult(0);
    }
}

/// <summary>One subcommand of the program.</summary>
/// <param name="Name">The word that selects it.</param>
/// <param name="Usage">How it is written.</param>
/// <param name="Purpose">What it does, in a few words.</param>
/// <param name="RunAsync">Runs it with the words after its name; returns the exit code: 0 done, 1 failed, 2 bad usage.</param>
internal sealed record Subcommand(string Name, string Usage, string Purpose, Func<string[], CancellationToken, Task<int>> RunAsync);

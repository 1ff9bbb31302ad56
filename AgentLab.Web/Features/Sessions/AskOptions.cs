using System.Diagnostics.CodeAnalysis;

namespace AgentLab.Web.Features.Sessions;

/// <summary>What follows <c>ask</c> on the command line.</summary>
internal sealed class AskOptions
{
    /// <summary>How the command is written.</summary>
    public const string Usage = "ask --agent <id or slug> \"<message>\"";

    private AskOptions(string agent, string message, string[] settings, string? fault)
    {
        Agent = agent;
        Message = message;
        Settings = settings;
        Fault = fault;
    }

    /// <summary>The agent's id or slug.</summary>
    public string Agent { get; }

    /// <summary>The message; <c>-</c> means: read it from the standard input.</summary>
    public string Message { get; }

    /// <summary>Settings of the program, like <c>--AgentLab:DataDirectory=/var/lab</c>.</summary>
    public string[] Settings { get; }

    /// <summary>What was wrong, a sentence; null when nothing was.</summary>
    public string? Fault { get; }

    /// <summary>Whether the words made sense.</summary>
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool Ok => Fault is null;

    /// <summary>Reads the words behind <c>ask</c>.</summary>
    public static AskOptions Read(IReadOnlyList<string> args)
    {
        var agent = "";
        var settings = new List<string>();
        var messages = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            var arg = args[i];
            if (arg == "--agent" && i + 1 < args.Count)
            {
                agent = args[++i];
            }
            else if (arg.StartsWith("--agent=", StringComparison.Ordinal))
            {
                agent = arg["--agent=".Length..];
            }
            else if (arg.StartsWith("--", StringComparison.Ordinal) && arg.Contains(':', StringComparison.Ordinal))
            {
                settings.Add(arg);
                if (!arg.Contains('=', StringComparison.Ordinal) && i + 1 < args.Count)
                {
                    settings.Add(args[++i]);
                }
            }
            else if (arg.StartsWith("--", StringComparison.Ordinal))
            {
                return Wrong($"'{arg}' is not an option of ask, or lacks its value.");
            }
            else
            {
                messages.Add(arg);
            }
        }

        return messages switch
        {
            _ when agent.Length == 0 => Wrong("Name the agent: --agent analyst."),
            [] => Wrong("Give the message, in quotation marks; - reads it from the standard input."),
            [var message] => new(agent, message, [.. settings], null),
            _ => Wrong($"Put the message in quotation marks: there are {messages.Count} of them."),
        };
    }

    private static AskOptions Wrong(string fault) => new("", "", [], fault);
}

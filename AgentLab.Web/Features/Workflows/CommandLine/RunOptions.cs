using System.Diagnostics.CodeAnalysis;

namespace AgentLab.Web.Features.Workflows.CommandLine;

/// <summary>Who answers the questions of a run that nobody watches.</summary>
internal enum ApprovalHand
{
    /// <summary>Whoever sits at the terminal; without one the run ends.</summary>
    Ask,

    /// <summary>Everything is approved.</summary>
    Yes,

    /// <summary>Everything is rejected.</summary>
    No,
}

/// <summary>What follows <c>run</c> on the command line.</summary>
internal sealed record RunOptions
{
    /// <summary>How the command is written.</summary>
    public const string Usage = "run <file.json> [--input key=value]... [--input-file <file>] [--dry-run] [--approve ask|yes|no]";

    /// <summary>The workflow's file; <c>-</c> is the standard input.</summary>
    public string File { get; init; } = string.Empty;

    /// <summary>Single values of the input.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Inputs { get; init; } = [];

    /// <summary>A file that holds the input as JSON; single values are laid over it.</summary>
    public string? InputFile { get; init; }

    /// <summary>Pinned outputs stand in for their nodes, and effects outside are described, not done.</summary>
    public bool DryRun { get; init; }

    /// <summary>Who answers questions. Default: ask.</summary>
    public ApprovalHand Approve { get; init; }

    /// <summary>Settings of the program, like <c>--AgentLab:DataDirectory=/var/lab</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>What was wrong, a sentence; null when nothing was.</summary>
    public string? Fault { get; init; }

    /// <summary>Whether the words made sense.</summary>
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool Ok => Fault is null;

    /// <summary>Reads the words behind <c>run</c>.</summary>
    public static RunOptions Read(IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var options = new RunOptions();
        var words = new Queue<string>(args);
        while (options.Ok && words.TryDequeue(out var word))
        {
            options = options.Take(word, words);
        }

        return options.Ok && options.File.Length == 0 ? options.Wrong("Name the workflow's file, as Export gives it; - reads it from the standard input.") : options;
    }

    private RunOptions Take(string word, Queue<string> rest)
    {
        if (!word.StartsWith("--", StringComparison.Ordinal))
        {
            return File.Length == 0 ? this with { File = word } : Wrong($"One file at a time: '{word}' is a second one.");
        }

        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? word : word[..equals];
        if (name.Contains(':', StringComparison.Ordinal))
        {
            return this with { Settings = equals < 0 && rest.TryDequeue(out var setting) ? [.. Settings, word, setting] : [.. Settings, word] };
        }

        if (name == "--dry-run")
        {
            return this with { DryRun = true };
        }

        if (name is not ("--input" or "--input-file" or "--approve"))
        {
            return Wrong($"'{name}' is not an option of run.");
        }

        var value = equals >= 0 ? word[(equals + 1)..] : rest.TryDequeue(out var next) ? next : null;
        return value is null ? Wrong($"{name} lacks its value.") : Take(name, value);
    }

    private RunOptions Take(string name, string value)
    {
        switch (name)
        {
            case "--input" when value.IndexOf('=', StringComparison.Ordinal) is > 0 and var at:
                return this with { Inputs = [.. Inputs, new(value[..at], value[(at + 1)..])] };
            case "--input":
                return Wrong($"--input takes key=value; '{value}' is none.");
            case "--input-file":
                return this with { InputFile = value };
            default:
                return Enum.TryParse<ApprovalHand>(value, ignoreCase: true, out var hand) && char.IsAsciiLetter(value[0])
                    ? this with { Approve = hand }
                    : Wrong("--approve takes ask, yes or no.");
        }
    }

    private RunOptions Wrong(string fault) => this with { Fault = fault };
}

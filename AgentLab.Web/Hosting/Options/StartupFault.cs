using System.Net.Sockets;
using System.Text.RegularExpressions;
using AgentLab.Data.Databases;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Hosting.Options;

/// <summary>Turns what went wrong at the start into sentences a person can act on.</summary>
internal static partial class StartupFault
{
    /// <summary>Runs <paramref name="read"/> and returns the faults that it reports; other exceptions pass through.</summary>
    /// <param name="read">Reads settings.</param>
    /// <param name="section">Where they live, when it is one place.</param>
    public static IReadOnlyList<string> Collect(Action read, string? section = null)
    {
        try
        {
            read();
            return [];
        }
        catch (InvalidOperationException exception) when (section is not null && Unknown().Match(exception.Message) is { Success: true } match)
        {
            // The framework's sentence names a class, which says nothing to whoever wrote the setting.
            return [$"{section} knows no setting {match.Groups["keys"].Value}."];
        }
        catch (Exception exception) when (Describe(exception) is { } sentences)
        {
            return sentences;
        }
    }

    /// <summary>The sentences for <paramref name="exception"/>, or null when it is not a foreseen fault of settings or surroundings.</summary>
    public static IReadOnlyList<string>? Describe(Exception exception) => exception switch
    {
        SettingsRefusedException refused => refused.Faults,
        LabStartupException refused => [refused.Message],
        OptionsValidationException validation => [.. validation.Failures],
        AggregateException many when many.InnerExceptions.All(e => Describe(e) is not null) =>
            [.. many.InnerExceptions.SelectMany(e => Describe(e)!)],
        InvalidOperationException binding when IsBinding(binding) => [binding.Message],
        InvalidDataException { InnerException: FormatException } file => [file.Message],
        IOException { InnerException: AddressInUseException } => [InUse(exception.Message)],
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => [InUse(exception.Message)],
        _ => null,
    };

    private static bool IsBinding(InvalidOperationException exception) =>
        exception.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal)
        || exception.Message.Contains("ErrorOnUnknownConfiguration", StringComparison.Ordinal);

    [GeneratedRegex(@"ErrorOnUnknownConfiguration.*: (?<keys>'.+')", RegexOptions.CultureInvariant)]
    private static partial Regex Unknown();

    private static string InUse(string message) =>
        $"{message} Stop the program that uses it, or give AgentLab another one: --urls http://127.0.0.1:5081";
}

/// <summary>The settings are faulty: each fault is one sentence.</summary>
public sealed class SettingsRefusedException(IReadOnlyList<string> faults)
    : Exception(string.Join(Environment.NewLine, faults))
{
    /// <summary>What is wrong, a sentence each.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}

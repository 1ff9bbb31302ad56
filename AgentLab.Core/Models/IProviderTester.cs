using System.Diagnostics.CodeAnalysis;

namespace AgentLab.Core.Models;

/// <summary>Tries a provider before it is used, for the test button.</summary>
public interface IProviderTester
{
    /// <summary>
    /// Lists the provider's models and asks one of them for a word, in at most 30 s. Never throws but for cancellation.
    /// </summary>
    /// <param name="provider">The definition to try, stored or not.</param>
    /// <param name="key">The key to try; a kept one is used only for the address that it is stored with.</param>
    /// <param name="cancellationToken">Ends the test.</param>
    Task<ProviderTestResult> TestAsync(ProviderDefinition provider, SecretChange key, CancellationToken cancellationToken);
}

/// <summary>How a provider's test went.</summary>
public sealed class ProviderTestResult
{
    private ProviderTestResult(IReadOnlyList<string> models, string message)
    {
        Models = models;
        Message = message;
    }

    /// <summary>True when a model answered.</summary>
    [MemberNotNullWhen(true, nameof(Model))]
    [MemberNotNullWhen(false, nameof(Code))]
    public bool Succeeded => Code is null;

    /// <summary>A sentence that says how it went, and what to do when it failed.</summary>
    public string Message { get; }

    /// <summary>One of <see cref="ModelErrorCodes"/>, or <c>invalid</c> when the definition itself is faulty; null when a model answered.</summary>
    public string? Code { get; private init; }

    /// <summary>The models that the provider offers, in its order; empty when it does not tell.</summary>
    public IReadOnlyList<string> Models { get; }

    /// <summary>The model that answered.</summary>
    public string? Model { get; private init; }

    /// <summary>How long its answer took.</summary>
    public TimeSpan? Duration { get; private init; }

    internal static ProviderTestResult Answered(string provider, string model, TimeSpan duration, IReadOnlyList<string> models) =>
        new(models, $"{provider} works: {model} answered in {duration.TotalSeconds:0.0} s.") { Model = model, Duration = duration };

    internal static ProviderTestResult Failed(string code, string message, IReadOnlyList<string> models) => new(models, message) { Code = code };
}
